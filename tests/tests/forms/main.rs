//! Every form of function, beside its twin without the attribute: the same result, the same drops,
//! no warning of either, and the span.
//!
//! `build.rs` makes the twins of the files in `cases/`.

// `lints.rs` compares the warnings of both, with every lint switched on.
#![cfg_attr(not(compare_lints), deny(warnings))]
#![cfg_attr(
    not(compare_lints),
    expect(
        clippy::all,
        clippy::allow_attributes,
        clippy::redundant_closure_for_method_calls,
        clippy::undocumented_unsafe_blocks,
        reason = "the forms are as people write them"
    )
)]

mod harness;

use harness::{Form, run};

include!(concat!(env!("OUT_DIR"), "/forms.rs"));

#[test]
fn annotated_functions_do_what_their_twins_do() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (theme, annotated, bare) in THEMES {
        for (annotated, bare) in annotated().into_iter().zip(bare()) {
            count += 1;
            let place = format!("{theme}: {}", annotated.name);
            let expected = annotated.spans;
            let (result, spans) = run(annotated);
            let (without, none) = run(bare);
            if result != without {
                wrong.push(format!("{place}: {result:?}, not {without:?}"));
            }
            if spans != expected {
                wrong.push(format!("{place}: spans {spans:?}, not {expected:?}"));
            }
            assert_eq!(none, "", "{place}: a span of the twin");
        }
    }
    if count < 300 {
        wrong.push("too few".to_owned());
    }
    assert!(wrong.is_empty(), "{} of {count} forms:\n{}", wrong.len(), wrong.join("\n"));
}
