//! What the attribute reads from the value, over what is found in it.

use std::borrow::Cow;

use crate::ai::AiResponse;

impl AiResponse {
    /// The model that answered, as `response_model = ..` gave it.
    pub fn set_response_model(&mut self, model: Option<Cow<'_, str>>) {
        self.set_model(model.as_deref());
    }

    /// The response's id, as `response_id = ..` gave it.
    pub fn set_response_id(&mut self, id: Option<Cow<'_, str>>) {
        self.set_id(id.as_deref());
    }

    /// Why the model stopped, as `finish_reason = ..` gave it.
    pub fn set_finish_reason(&mut self, reason: Option<Cow<'_, str>>) {
        if let Some(reason) = reason {
            self.finish_reasons.clear();
            self.add_finish_reason(&reason);
        }
    }
}
