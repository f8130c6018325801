//! The parameters of a request, found in what its type would serialize: nothing is serialized, and of
//! messages nothing is looked at.

#[cfg(feature = "serde")]
mod place;
#[cfg(feature = "serde")]
mod reader;
#[cfg(all(test, feature = "sentry"))]
mod tests;

use crate::record::Value;

/// What was found in a request.
#[derive(Debug, Default, PartialEq)]
pub struct AiRequest {
    pub(crate) params: Vec<(&'static str, Value)>,
    /// The texts at which the model is to stop.
    pub(crate) stops: Vec<String>,
}

/// A request whose parameters can be found.
#[diagnostic::on_unimplemented(
    message = "no parameters can be read from `{Self}`",
    label = "expected a type that is `Serialize`, and the feature `serde` of monitor-runtime",
    note = "or name the parameters: `params(temperature = request.temperature)`"
)]
pub trait ReadRequest {
    /// Its parameters.
    fn read_request(&self) -> AiRequest;
}

#[cfg(feature = "serde")]
#[diagnostic::do_not_recommend]
impl<T: serde::Serialize + ?Sized> ReadRequest for T {
    fn read_request(&self) -> AiRequest {
        reader::read(self)
    }
}

/// Reads the parameters of a request.
pub fn ai_request<T: ReadRequest + ?Sized>(request: &T) -> AiRequest {
    request.read_request()
}
