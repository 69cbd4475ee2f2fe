import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("en", "InMail Simulator: A new password", "Your handle is alice."),
        ("it", "InMail Simulator: Una nuova password", "Il tuo identificativo è alice."),
    ],
)
def test_the_mail_for_a_new_password_is_in_our_words(client, alice, live, mailoutbox, language, subject, words):
    client.post("/accounts/password/reset/", {"email": alice.email}, headers={"accept-language": language})
    (mail,) = mailoutbox
    assert mail.subject == subject
    assert words in mail.body and "/accounts/password/reset/key/" in mail.body
