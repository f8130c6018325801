//! How events are grouped.

use monitor_runtime::fingerprint::{Fingerprint, normalised, without_ids};
use monitor_runtime::{
    Config, Level, MockBackend, capture_error, capture_message, set_tag, traced,
};
use regex::Regex;

use crate::failure::{Failure, fail};

/// Numbers that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

#[test]
fn ids_are_those_of_the_three_expressions() {
    let expressions = [
        (r"\b[0-9]{17,19}\b", "<ID>"),
        (r"\b\w+#[0-9]{4}\b", "<USER>"),
        (r"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b", "<EMAIL>"),
    ]
    .map(|(expression, mark)| (Regex::new(expression).unwrap(), mark));
    let oracle = |text: &str| {
        let replaced = expressions.iter().fold(text.to_owned(), |text, (expression, mark)| {
            expression.replace_all(&text, *mark).into_owned()
        });
        replaced.chars().take(100).collect::<String>()
    };
    let pieces = [
        "12345678901234567",
        "1234567890123456789",
        "1234",
        "12345",
        "#",
        "#1234",
        "@",
        ".",
        "a",
        "ab",
        "Z9",
        "_",
        "-",
        "%",
        "+",
        " ",
        "é",
        "日本",
        "٣",
        "org",
        "c",
        "<",
        "\n",
        "0",
    ];
    let mut numbers = Numbers(1);
    let mut replaced = 0;
    for _ in 0..20_000 {
        let len = numbers.below(14);
        let text: String = (0..len).map(|_| pieces[numbers.below(pieces.len())]).collect();
        let ours = without_ids(&text);
        assert_eq!(ours, oracle(&text), "{text:?}");
        replaced += usize::from(ours != text);
    }
    assert!(replaced > 2_000, "{replaced}: the texts must have something to replace");
}

/// The documentation's table is what happens.
#[test]
fn the_messages_of_the_documentation_become_what_it_says() {
    let text = include_str!("../../../docs/fingerprints.md");
    let (_, table) = text.split_once("| message | becomes |").expect("is there");
    let rows: Vec<Vec<&str>> = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|row| row.split('`').skip(1).step_by(2).collect())
        .collect();
    assert_eq!(rows.len(), 10);
    for row in rows {
        assert_eq!(normalised(row[0]), row[1], "{}", row[0]);
    }
}

#[test]
fn texts_are_cut_at_a_hundred_characters() {
    assert_eq!(normalised(&"ä".repeat(500)).chars().count(), 100);
    assert_eq!(without_ids(&"ä ".repeat(500)).chars().count(), 100);
    assert_eq!(normalised(""), "");
    let at_the_cut = format!("{} 4242424242424242", "x".repeat(90));
    assert!(!normalised(&at_the_cut).contains('4'));
    // Each again is the same.
    for text in ["user 5 <NUM> <", "<ID>#1234", "a <b> 5", "<", "5<"] {
        assert_eq!(normalised(&normalised(text)), normalised(text));
    }
}

#[traced]
fn orders() {
    assert!(fail("no order 7").is_err());
    capture_message("order 7 is late", Level::Info);
}

#[test]
fn what_sentry_would_group_badly_is_grouped_by_its_text() {
    let mock = MockBackend::install();
    orders();
    capture_error(&Failure("no order 8".to_owned()));
    let parts = |title: &str| mock.event(title).fingerprint.clone();
    assert!(parts("no order 7").is_empty(), "has the place where it happened");
    assert_eq!(parts("order 7 is late"), ["order <NUM> is late"]);
    assert_eq!(parts("no order 8"), ["Failure", "no order <NUM>"]);
}

#[test]
fn a_fingerprint_has_its_parts_in_order() {
    let config = Config::new().with_traces_sample_rate(1.0).with_before_send(|mut event| {
        event.fingerprint = Fingerprint::of(&event).parts();
        Some(event)
    });
    let mock = MockBackend::install_with(config);
    set_tag("command.name", "list");
    orders();
    let parts = mock.event("no order 7").fingerprint.clone();
    assert_eq!(parts, ["Failure", "no order <NUM>", "list", "policy::failure", "fail"]);
    let parts = Fingerprint::new().with_location("here").with_type("").with_message("a 1").parts();
    assert_eq!(parts, ["a <NUM>", "here"]);
}
