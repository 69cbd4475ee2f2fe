"""The REST API, `/api/v1/`: thin edges. Each unsafe call is one verb at one instant of the timeline."""
