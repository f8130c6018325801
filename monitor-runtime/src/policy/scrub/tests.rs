use super::Scrubber;

fn scrubbed(text: &str) -> String {
    Scrubber::new().text_of(text, 8192).unwrap_or_else(|| text.to_owned())
}

#[track_caller]
fn becomes(text: &str, expected: &str) {
    assert_eq!(scrubbed(text), expected, "{text}");
    assert_eq!(scrubbed(expected), expected, "twice is once: {text}");
}

#[test]
fn values_behind_the_names_of_secrets_go() {
    becomes("login password=hunter2 failed", "login password=[Filtered] failed");
    becomes("db_password: hunter2", "db_password: [Filtered]");
    becomes(r#"{"token":"abc def","id":7}"#, r#"{"token":"[Filtered]","id":7}"#);
    becomes(r#"{\"token\":\"abc\"}"#, r#"{\"token\":\"[Filtered]\"}"#);
    becomes(r#"Login { password: "a\"b", id: 7 }"#, r#"Login { password: "[Filtered]", id: 7 }"#);
    becomes("Auth { token: Some(\"x y\"), id: 7 }", "Auth { token: [Filtered], id: 7 }");
    becomes("GET /a?api_key=abc&page=2", "GET /a?api_key=[Filtered]&page=2");
    becomes("GET /login?token=123456", "GET /login?token=[Filtered]");
    becomes("Cookie: a=1; b=2\nHost: x", "Cookie: [Filtered]\nHost: x");
    becomes("Cookie: a=b; sid=c", "Cookie: [Filtered]");
    becomes("request.headers.Cookie: a=b; sid=c", "request.headers.Cookie: [Filtered]");
    becomes("authorization: Digest abc def", "authorization: [Filtered]");
    becomes("auth=Bearer abc, next", "auth=[Filtered], next");
    becomes("secret => 'a b'", "secret => '[Filtered]'");
    becomes("password = \"never closed", "password = \"[Filtered]");
}

#[test]
fn sentences_stay() {
    for text in [
        "unexpected token: semicolon",
        "unexpected token: `;`",
        "token refreshed",
        "the password is wrong",
        "10 input_tokens=5",
        "unexpected token: 5",
        "a::token::b",
        "session expired",
        "Bearer authentication is required",
        "Basic training",
        "",
        "password=",
        "user@localhost",
        "at 10:30 @ home",
        "https://example.org/a?b=c",
        "https://example.org:8080/user@example",
        "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----",
        "1763860000000",
        "Grüße aus Köln: 4711",
        "id 123456789012345678",
    ] {
        assert_eq!(scrubbed(text), text);
    }
}

#[test]
fn secrets_are_known_by_their_looks() {
    becomes("card 4242 4242 4242 4242!", "card [Filtered]!");
    becomes("mail ada.l+x@example.co.uk.", "mail [Filtered].");
    becomes("größe@example.org", "[Filtered]");
    becomes("Authorisation by Bearer abcDEF123456", "Authorisation by Bearer [Filtered]");
    becomes("basic dXNlcjpwYXNz", "basic [Filtered]");
    becomes("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln.", "[Filtered]");
    becomes("key ghp_16C7e42F292c6912E7710c838347Ae178B4a", "key [Filtered]");
    becomes("bot 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1 x", "bot [Filtered] x");
    becomes(
        "for url (https://api.telegram.org/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1/send)",
        "for url (https://api.telegram.org/bot[Filtered]/send)",
    );
    becomes("a.4242424242424242 and a.4242 4242 4242 4242", "a.[Filtered] and a.[Filtered]");
    becomes("key.ghp_16C7e42F292c6912E7710c838347Ae178B4a", "key.[Filtered]");
    becomes("postgres://ada:pa@ss@db:5432/x", "postgres://[Filtered]@db:5432/x");
    becomes("https://abc123@o1.example.org/4", "https://[Filtered]@o1.example.org/4");
    becomes("a://b:c?d#e@f", "a://[Filtered]@f");
    becomes(
        "k -----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- z",
        "k [Filtered] z",
    );
    becomes("-----BEGIN PRIVATE KEY-----\nabc", "[Filtered]");
    becomes("a.-----BEGIN PRIVATE KEY-----\nabc", "a.[Filtered]");
}

#[test]
fn any_text_is_scrubbed_without_a_panic_and_in_linear_time() {
    let pieces = [
        "password",
        "=",
        ":",
        "://",
        "@",
        "\"",
        "\\\"",
        "'",
        "(",
        "[",
        " ",
        "token",
        "4242",
        "-",
        "é",
        "日本",
        "eyJ",
        "bearer ",
        "-----BEGIN ",
        "PRIVATE KEY",
        ".",
        "\n",
        "1",
        "\\",
    ];
    let mut state = 1_u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..state % 23 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        state = state.wrapping_add(1);
        let once = scrubbed(&text);
        assert!(once.len() <= text.len() * 11 + 11);
    }
}

/// The time for a text of twice the length is about twice the time, not four times.
#[test]
fn hostile_texts_take_no_more_than_their_length() {
    let units = [
        "a=(",
        "token=\"",
        "password:'a\"",
        "a=\"",
        "x://",
        "x://a@",
        "a@",
        "a@b.",
        "4242 ",
        "-----BEGIN PRIVATE",
        "bearer ",
        "basic a/",
        "token: (",
        "\\\"a\\\":",
        "session=[{",
        "_",
        "eyJ",
        "auth: ",
        "a.",
        "1.",
        "ghp_.",
        "12345:a",
        "4.-BEGIN ",
    ];
    for unit in units {
        let text = unit.repeat(16 * 1024 / unit.len());
        let before = std::time::Instant::now();
        for _ in 0..10 {
            scrubbed(&text);
        }
        // The square of 16 KiB would take seconds; what it should take is a millisecond.
        assert!(before.elapsed().as_secs() < 5, "{unit}: {:?}", before.elapsed());
    }
}

#[test]
fn what_the_program_finds_goes() {
    let find = |text: &str| text.find("HR").map(|at| at..at + 2);
    let scrubber = Scrubber::new().with_pattern(find);
    let of = |text: &str| scrubber.text_of(text, 8192);
    assert_eq!(of("a HR b HR c").as_deref(), Some("a [Filtered] b [Filtered] c"));
    assert_eq!(of("a"), None);
    assert!(!of(&"HR ".repeat(1000)).unwrap().contains("HR"));
    for hostile in [
        Scrubber::new().with_pattern(|_| panic!("as the test wants")),
        Scrubber::new().with_pattern(|_| Some(0..1000)),
        Scrubber::new().with_pattern(|_| Some(1..2)),
    ] {
        assert_eq!(hostile.text_of("é", 8192).as_deref(), Some("[Filtered]"));
    }
    assert_eq!(Scrubber::new().with_pattern(|_| Some(0..0)).text_of("a", 8192), None);
}

#[test]
fn a_cut_leaves_no_part_of_a_secret() {
    let text = format!("{} 4242424242424242", "x".repeat(90));
    let scrubbed = Scrubber::new().text_of(&text, 100).unwrap();
    assert_eq!(scrubbed, format!("{} [Filtered", "x".repeat(90)));
    let whole = "x".repeat(100);
    assert_eq!(Scrubber::new().text_of(&whole, 100), None);
    assert_eq!(Scrubber::new().text_of(&whole, 10).unwrap(), "x".repeat(10));
}
