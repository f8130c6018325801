use super::{collapse, run};

#[test]
fn the_function_is_returned_token_for_token() {
    let item = "#[inline]#[slow_threshold(ms=5)]pub fn load(id:u64)->u64{id}";
    let off = run(&format!("#[traced(op = \"db.query\", fields(id))]{item}"), false);
    let expected: proc_macro2::TokenStream = item.parse().unwrap();
    assert_eq!(off, collapse(&expected.to_string()));
}

#[test]
fn mistakes_are_reported_all_the_same() {
    let off = run("#[traced(op = 5)] #[slow_threshold(ms = 0)] fn load() {}", false);
    assert_eq!(off.matches("compile_error").count(), 2);
    assert!(off.ends_with("#[slow_threshold(__stacked)]fn load(){}"), "{off}");
}

#[test]
fn a_block_hands_its_attribute_on() {
    let off = run("#[traced] impl S { #[traced(skip)] fn a() {} }", false);
    assert_eq!(off, "impl S{#[traced(skip)]#[::monitor_runtime::traced(__inherited)]fn a(){}}");
    let item = "#[::monitor_runtime::traced(__inherited)] fn a() {}";
    let off = run(&format!("#[traced(skip)] {item}"), false);
    assert_eq!(off, collapse(item));
}

#[test]
fn a_health_check_has_its_type_all_the_same() {
    let item = "#[health_check]fn disk()->bool{x}";
    let off = run(&format!("#[traced] {item}"), false);
    assert_eq!(off, item, "it is added by the attribute itself");
    let off = run(item, false);
    assert!(off.starts_with("fn disk()->bool{x}#[doc"), "{off}");
    assert!(off.contains("fn check()"), "{off}");
}
