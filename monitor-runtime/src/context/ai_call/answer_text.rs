use std::borrow::Cow;

/// A text that the attribute reads from the value: `output = ..`, `response_model = ..` and the like.
pub fn response_text<'a, T: ?Sized, A: AnswerText<'a>>(
    success: Option<&'a T>,
    read: impl FnOnce(&'a T) -> A,
) -> Option<Cow<'a, str>> {
    read(success?).answer_text()
}

/// What such a reader may give.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no text of an answer",
    label = "expected `&str`, `String`, or an `Option` of one",
    note = "for instance: response_model = |answer| answer.model.as_str()"
)]
pub trait AnswerText<'a> {
    /// The text, if there is one.
    fn answer_text(self) -> Option<Cow<'a, str>>;
}

impl<'a> AnswerText<'a> for &'a str {
    fn answer_text(self) -> Option<Cow<'a, str>> {
        Some(self.into())
    }
}

impl<'a> AnswerText<'a> for &'a String {
    fn answer_text(self) -> Option<Cow<'a, str>> {
        Some(self.into())
    }
}

impl<'a> AnswerText<'a> for &'a Option<String> {
    fn answer_text(self) -> Option<Cow<'a, str>> {
        self.as_deref().map(Into::into)
    }
}

impl<'a> AnswerText<'a> for String {
    fn answer_text(self) -> Option<Cow<'a, str>> {
        Some(self.into())
    }
}

impl<'a> AnswerText<'a> for Cow<'a, str> {
    fn answer_text(self) -> Option<Cow<'a, str>> {
        Some(self)
    }
}

impl<'a, A: AnswerText<'a>> AnswerText<'a> for Option<A> {
    fn answer_text(self) -> Option<Cow<'a, str>> {
        self?.answer_text()
    }
}
