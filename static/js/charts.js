/* Draws <canvas data-chart="ID"> from the JSON beside it, in the colours of the tokens; the table beside it says the same. */
"use strict";
(() => {
  const drawn = new Map();

  /* Custom properties keep light-dark() unresolved, so a real element is asked for the colour. */
  function colour(name) {
    const probe = document.createElement("span");
    probe.style.color = `var(--${name})`;
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  }

  const whiskers = {
    id: "whiskers",
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      const across = chart.options.indexAxis === "y";
      const axis = chart.scales[across ? "x" : "y"];
      chart.data.datasets.forEach((series, index) => {
        if (!series.low) return;
        ctx.save();
        ctx.strokeStyle = colour("ink");
        ctx.lineWidth = 1.5;
        chart.getDatasetMeta(index).data.forEach((bar, at) => {
          if (series.low[at] == null) return;
          const a = axis.getPixelForValue(series.low[at]);
          const b = axis.getPixelForValue(series.high[at]);
          ctx.beginPath();
          if (across) { ctx.moveTo(a, bar.y); ctx.lineTo(b, bar.y); [a, b].forEach((x) => { ctx.moveTo(x, bar.y - 4); ctx.lineTo(x, bar.y + 4); }); }
          else { ctx.moveTo(bar.x, a); ctx.lineTo(bar.x, b); [a, b].forEach((y) => { ctx.moveTo(bar.x - 4, y); ctx.lineTo(bar.x + 4, y); }); }
          ctx.stroke();
        });
        ctx.restore();
      });
    },
  };

  /* The axis has room for the intervals too, else their whiskers run out of the picture. */
  const highest = (all) => Math.max(0, ...all.flatMap((series) => series.high || []));

  function settings(spec) {
    const line = spec.kind === "line";
    const tones = ["accent", "match", "mismatch", "inmail"];
    const datasets = spec.series.map((series, index) => {
      const tone = colour(series.tone || tones[index % tones.length]);
      return {
        label: series.name, data: series.values, low: series.low, high: series.high,
        backgroundColor: tone, borderColor: tone, borderWidth: line ? 2 : 0, borderRadius: 3, maxBarThickness: 44, categoryPercentage: 0.5, barPercentage: 0.85,
        stepped: line && spec.stepped ? "after" : false, pointRadius: line ? 0 : undefined, pointHitRadius: 12, tension: 0,
      };
    });
    const ticks = { color: colour("muted"), font: { size: 12 }, maxRotation: 0, autoSkipPadding: 16, precision: 0 };
    if (spec.unit) ticks.callback = function (value) { return `${this.getLabelForValue(value)} ${spec.unit}`; };
    const values = { beginAtZero: true, grid: { color: colour("line") }, border: { display: false }, ticks, max: spec.max, suggestedMax: highest(spec.series) };
    const labels = { grid: { display: false }, border: { color: colour("line") }, ticks: { ...ticks, callback: undefined, precision: undefined } };
    delete labels.ticks.callback;
    return {
      type: line ? "line" : "bar",
      data: { labels: spec.labels, datasets },
      plugins: [whiskers],
      options: {
        responsive: true, maintainAspectRatio: false, animation: false,
        interaction: { mode: "index", intersect: false },
        scales: { x: labels, y: values },
        plugins: { legend: { display: datasets.length > 1, labels: { color: colour("ink"), boxWidth: 12, boxHeight: 12 } } },
      },
    };
  }

  function draw() {
    Chart.defaults.locale = document.documentElement.lang;
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    document.querySelectorAll("canvas[data-chart]").forEach((canvas) => {
      const source = document.getElementById(canvas.dataset.chart);
      if (!source) return;
      drawn.get(canvas)?.destroy();
      drawn.set(canvas, new Chart(canvas, settings(JSON.parse(source.textContent))));
    });
  }

  document.addEventListener("DOMContentLoaded", draw);
  document.addEventListener("themechange", draw);
  document.addEventListener("htmx:afterSettle", (event) => { if (event.target.querySelector?.("canvas[data-chart]")) draw(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
