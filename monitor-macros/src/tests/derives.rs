use super::collapse;
use crate::derive::{monitor_context, monitor_error};

/// The expansion with `rt` for the runtime's path.
fn short(tokens: &proc_macro2::TokenStream) -> String {
    collapse(&tokens.to_string())
        .replace("use::monitor_runtime::__private", "use rt")
        .replace("impl::monitor_runtime::__private", "impl rt")
        .replace("::monitor_runtime::__private", "rt")
}

#[test]
fn an_error_is_a_match_over_what_is_read() {
    let tokens = monitor_error(
        "#[monitor(category = \"payment\")] enum PaymentError {
            #[monitor(expected)] QuotaExceeded { user_id: u64 },
            #[monitor(fingerprint = \"payment-{user_id}\")]
            Declined { user_id: u64, #[monitor(sensitive)] card: String, amount: f64 },
            #[monitor(transparent)] Database(DbError),
        }"
        .parse()
        .unwrap(),
    );
    assert_eq!(
        short(&tokens),
        "#[automatically_derived]impl rt::MonitorError for PaymentError{\
         fn monitor_class(&self)->rt::ErrorClass{use rt::value::*;match self{\
         Self::QuotaExceeded{..}=><rt::ErrorClass>::new().with_variant(\"QuotaExceeded\")\
         .with_expected(true).with_category(\"payment\"),\
         Self::Declined{user_id,card,..}=><rt::ErrorClass>::new().with_variant(\"Declined\")\
         .with_category(\"payment\").__part(&[\
         (&&&&&rt::Seen(&\"payment-\")).__monitor_value(),\
         (&&&&&rt::Seen(&user_id)).__monitor_value()])\
         .__secret((&&&&&rt::Seen(&card)).__monitor_value()),\
         Self::Database{0:_0,..}=>rt::class_of(_0),}}}"
    );
}

#[test]
fn after_a_mistake_the_error_says_nothing() {
    let tokens = monitor_error("#[monitor(levl = \"x\")] struct Failed;".parse().unwrap());
    let text = short(&tokens);
    assert!(text.contains("compile_error"), "{text}");
    assert!(text.contains("monitor_class(&self)->rt::ErrorClass{<rt::ErrorClass>::new()}"));
    assert!(text.contains("keys::monitor::levl"), "editors complete the key: {text}");
}

#[test]
fn a_context_is_its_fields() {
    let tokens = monitor_context(
        "#[monitor(user, crate = a::b)] struct Account<'a, T: Copy> {
            id: T, #[monitor(name = \"plan\")] tier: &'a str, #[monitor(sensitive)] password: u8,
        }"
        .parse()
        .unwrap(),
    );
    assert_eq!(
        short(&tokens).replace("a::b::__private", "rt"),
        "#[automatically_derived]impl<'a,T:Copy>rt::MonitorContext for Account<'a,T>{\
         const NAME:&'static str=\"user\";fn monitor_values(&self)->rt::Attributes{\
         use rt::value::*;match self{Self{id,tier,..}=>rt::values(&[\
         (\"id\",(&&&&&rt::Seen(&id)).__monitor_value()),\
         (\"plan\",(&&&&&rt::Seen(&tier)).__monitor_value())]),}}}\
         #[automatically_derived]impl<'__monitor,'a,T:Copy>::core::convert::From<\
         &'__monitor Account<'a,T>>for rt::User{fn from(user:&'__monitor Account<'a,T>)->Self{\
         rt::user(rt::MonitorContext::monitor_values(user))}}"
    );
}
