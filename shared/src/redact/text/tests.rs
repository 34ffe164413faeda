use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(given: &str, expect: &str) {
    assert_eq!(text(given), expect, "{given}");
}

#[test]
fn addresses_of_people_are_replaced() {
    check(
        "Write to ann.lee+tea@mail.example, please.",
        "Write to [email], please.",
    );
    check("<ann@b.example>", "<[email]>");
    check("mailto:ann@b.example!", "mailto:[email]!");
}

#[test]
fn tokens_and_keys_are_replaced() {
    check(
        "Authorization: Bearer abcdefghijklmnop",
        "Authorization: Bearer [token]",
    );
    check("jwt eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJl end", "jwt [token] end");
    check("key sk_live_4eC39HqLyjWDarjtT1zdp7dc", "key [secret]");
    check("AKIAIOSFODNN7EXAMPLE", "[secret]");
    check("id f47ac10b-58cc-4372-a567-0e02b2c3d479.", "id [secret].");
    check(
        "https://a.example/?t=f47ac10b58cc4372a5670e02b2c3d479",
        "https://a.example/",
    );
}

#[test]
fn addresses_lose_what_follows_the_question_mark() {
    check(
        "See https://a.example/reset?token=hunter2 and (http://b.example/#k=1) please.",
        "See https://a.example/reset and (http://b.example/) please.",
    );
    check("redis://:pw@cache.example/0!", "redis://cache.example/0!");
    check("it was /reset?token=hunter2, I think", "it was /reset, I think");
    check("Really? I = you", "Really? I = you");
}

#[test]
fn numbers_that_pay_or_ring_are_replaced() {
    check(
        "My card 4242 4242 4242 4242 was charged",
        "My card [card] was charged",
    );
    check("IBAN DE89 3704 0044 0532 0130 00.", "IBAN [iban].");
    check("call +49 171 2345678!", "call [phone]!");
    check("(030) 1234567", "([phone]");
}

#[test]
fn ordinary_sentences_stay_as_they_are() {
    for sentence in [
        "The checkout is slow on Fridays; 3 of 10 orders fail.",
        "I'd love a dark theme (and bigger buttons)!",
        "Donaudampfschifffahrtsgesellschaftskapitän in v1.4.2-beta.3 @home",
        "Preis 1.299,00 € statt 1.499,00 €? Telefon 12-34",
        "お茶がとても美味しいです。",
        "from 2026-11-23 to 2026-12-24",
        "0000 0000 0000 0000",
    ] {
        check(sentence, sentence);
    }
}

/// Pieces of which secrets are made.
fn pieces() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "ann",
        "@",
        "%40",
        "b.example",
        ".",
        "..",
        ",",
        " ",
        "-",
        "/",
        ":",
        "=",
        "?",
        "#",
        "&",
        "\"",
        "é",
        "\n",
        "(",
        ")",
        "[",
        "]",
        "+",
        "https://",
        "://",
        "eyJhbGciOi",
        "sk_live_4eC39HqLyjWD",
        "Bearer ",
        "password",
        "token",
        "4242",
        " 4242 4242 4242 4242",
        "+49 171 2345678",
        "DE89 3704 0044 0532 0130 00",
        "0171",
        "tel ",
        "00",
        "7",
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        "[email]",
        "x",
        "A1",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
    ]);
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn a_second_pass_over_anything_that_resembles_secrets_changes_nothing(given in pieces()) {
        let once = text(&given).into_owned();
        prop_assert_eq!(text(&once), once.as_str());
    }
}

proptest! {
    #[test]
    fn nothing_panics_and_a_second_pass_changes_nothing(given in ".{0,200}") {
        let once = text(&given).into_owned();
        prop_assert_eq!(text(&once), once.as_str());
    }
}

#[test]
fn the_time_grows_with_the_text_and_not_faster() {
    // Quadratic scanning of these would take minutes.
    for unit in [
        "a%40",
        "1 ",
        "0171 ",
        "eyJ",
        "://",
        "@",
        "DE89 ",
        "-----BEGIN PRIVATE KEY",
        "a@b.",
        "+1",
        "?a",
        "a=",
        "4-",
    ] {
        let long = unit.repeat(100_000 / unit.len());
        drop(text(&long));
    }
}
