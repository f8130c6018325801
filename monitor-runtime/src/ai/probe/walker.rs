//! The serializer that looks and writes nothing.

use std::fmt;

use serde::ser::{
    self, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant,
};

use super::key::Key;
use super::number;
use super::place::Place;
use crate::ai::response::{AiResponse, is_cost};
use crate::ai::stop::Stop;

/// Keys that are looked at; a response has some fifty.
pub(super) const MAX_KEYS: u32 = 2_000;
/// How deep they may lie; the deepest of those that count lies at six.
const MAX_DEPTH: u8 = 12;
/// Elements of a list that are looked at.
const MAX_ELEMENTS: u8 = 8;

pub(super) struct Walker<'a> {
    place: Place,
    found: &'a mut AiResponse,
    /// Keys that may still be looked at.
    left: &'a mut u32,
    depth: u8,
}

type Walked = Result<(), Stop>;

impl<'a> Walker<'a> {
    pub(super) fn new(place: Place, found: &'a mut AiResponse, left: &'a mut u32) -> Self {
        Self { place, found, left, depth: 0 }
    }

    /// The same walk, one level further down.
    fn inside(&mut self, place: Place) -> Result<Walker<'_>, Stop> {
        let depth = self.depth + 1;
        if depth > MAX_DEPTH {
            return Err(Stop);
        }
        Ok(Walker { place, found: self.found, left: self.left, depth })
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Walked {
        self.count()?;
        match self.place.step(key) {
            Some(place) => value.serialize(self.inside(place)?),
            None => Ok(()),
        }
    }

    fn count(&mut self) -> Walked {
        *self.left = self.left.checked_sub(1).ok_or(Stop)?;
        Ok(())
    }

    fn text(self, text: &str) {
        match self.place {
            Place::Model => self.found.set_model(Some(text)),
            Place::Id => self.found.set_id(Some(text)),
            Place::FinishReason => self.found.add_finish_reason(text),
            Place::Status if is_last_status(text) && self.found.finish_reasons.is_empty() => {
                self.found.add_finish_reason(text);
            }
            // Ollama's `response`, and the `delta` of OpenAI's Responses, are plain texts.
            Place::Content | Place::Message | Place::Response if self.depth > 0 => {
                self.found.has_content |= !text.is_empty();
            }
            Place::Count(slot) => {
                let raw = &mut self.found.raw;
                if let Some(count) = number::of_text(text, &mut raw.notes) {
                    raw.set(slot, count);
                }
            }
            Place::Cost => self.cost(text.get(..text.len().min(64)).and_then(|t| t.parse().ok())),
            _ => {}
        }
    }

    fn whole(self, value: i128) {
        match self.place {
            Place::Count(slot) => {
                let raw = &mut self.found.raw;
                let count = number::of_whole(value, &mut raw.notes);
                raw.set(slot, count);
            }
            #[expect(clippy::cast_precision_loss, reason = "an amount of money")]
            Place::Cost => self.cost(Some(value as f64)),
            _ => {}
        }
    }

    fn float(self, value: f64) {
        match self.place {
            Place::Count(slot) => {
                let raw = &mut self.found.raw;
                if let Some(count) = number::of_float(value, &mut raw.notes) {
                    raw.set(slot, count);
                }
            }
            Place::Cost => self.cost(Some(value)),
            _ => {}
        }
    }

    fn cost(self, usd: Option<f64>) {
        self.found.cost = usd.filter(|usd| is_cost(*usd)).or(self.found.cost);
    }

    /// A variant may be the key that its value lies under, or no more than a wrapper.
    fn variant(&mut self, name: &str) -> Result<Walker<'_>, Stop> {
        self.count()?;
        let place = self.place.step(name).unwrap_or(self.place);
        self.inside(place)
    }
}

/// Of OpenAI's Responses; others are on the way to one of these.
fn is_last_status(status: &str) -> bool {
    matches!(status, "completed" | "failed" | "incomplete" | "cancelled")
}

macro_rules! wholes {
    ($($method:ident($kind:ty)),*) => {$(
        fn $method(self, value: $kind) -> Walked {
            self.whole(i128::from(value));
            Ok(())
        }
    )*};
}

impl<'a> ser::Serializer for Walker<'a> {
    type Ok = ();
    type Error = Stop;
    type SerializeSeq = Elements<'a>;
    type SerializeTuple = Elements<'a>;
    type SerializeTupleStruct = Elements<'a>;
    type SerializeTupleVariant = Elements<'a>;
    type SerializeMap = Entries<'a>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Entries<'a>;

    wholes! {
        serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64),
        serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64),
        serialize_i128(i128)
    }

    fn serialize_u128(self, value: u128) -> Walked {
        self.whole(i128::try_from(value).unwrap_or(i128::MAX));
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Walked {
        self.float(f64::from(value));
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> Walked {
        self.float(value);
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Walked {
        self.text(text);
        Ok(())
    }

    fn serialize_bool(self, _value: bool) -> Walked {
        Ok(())
    }

    fn serialize_char(self, _value: char) -> Walked {
        Ok(())
    }

    fn serialize_bytes(self, _value: &[u8]) -> Walked {
        Ok(())
    }

    fn serialize_none(self) -> Walked {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Walked {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Walked {
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Walked {
        Ok(())
    }

    /// Models and reasons are often enumerations.
    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Walked {
        if matches!(self.place, Place::Model | Place::FinishReason | Place::Status) {
            self.text(variant);
        }
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Walked {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        mut self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Walked {
        value.serialize(self.variant(variant)?)
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Elements<'a>, Stop> {
        let element = self.place.element();
        // A list alone is no response: its elements aren't even counted.
        if self.depth == 0 && element.is_none() {
            return Err(Stop);
        }
        Ok(Elements { walker: self, element, left: MAX_ELEMENTS })
    }

    /// A response with something beside it is still one.
    fn serialize_tuple(self, _len: usize) -> Result<Elements<'a>, Stop> {
        let place = self.place;
        let element = place.element().or((place == Place::Response).then_some(place));
        Ok(Elements { walker: self, element, left: MAX_ELEMENTS })
    }

    fn serialize_tuple_struct(self, _name: &'static str, len: usize) -> Result<Elements<'a>, Stop> {
        self.serialize_tuple(len)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        len: usize,
    ) -> Result<Elements<'a>, Stop> {
        self.serialize_tuple(len)
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Entries<'a>, Stop> {
        Ok(Entries { place: None, walker: self })
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Self, Stop> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Entries<'a>, Stop> {
        let place = self.place.step(variant).unwrap_or(self.place);
        Ok(Entries { place: None, walker: Walker { place, ..self } })
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Walked {
        // Formatting costs: only what is kept is formatted.
        if matches!(self.place, Place::Model | Place::Id | Place::FinishReason) {
            self.text(&value.to_string());
        }
        Ok(())
    }

    fn is_human_readable(&self) -> bool {
        true
    }
}

impl SerializeStruct for Walker<'_> {
    type Ok = ();
    type Error = Stop;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Walked {
        self.key(key, value)
    }

    fn end(self) -> Walked {
        Ok(())
    }
}

/// The elements of a list.
pub(super) struct Elements<'a> {
    walker: Walker<'a>,
    element: Option<Place>,
    left: u8,
}

impl Elements<'_> {
    fn next<T: Serialize + ?Sized>(&mut self, value: &T) -> Walked {
        match self.element {
            Some(place) if self.left > 0 => {
                self.left -= 1;
                self.walker.count()?;
                value.serialize(self.walker.inside(place)?)
            }
            _ => Ok(()),
        }
    }
}

macro_rules! elements {
    ($($kind:ident.$method:ident),*) => {$(
        impl $kind for Elements<'_> {
            type Ok = ();
            type Error = Stop;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Walked {
                self.next(value)
            }

            fn end(self) -> Walked {
                Ok(())
            }
        }
    )*};
}

elements! {
    SerializeSeq.serialize_element, SerializeTuple.serialize_element,
    SerializeTupleStruct.serialize_field, SerializeTupleVariant.serialize_field
}

/// The entries of a map, whose keys come apart from their values.
pub(super) struct Entries<'a> {
    walker: Walker<'a>,
    /// Where the value that comes next lies.
    place: Option<Place>,
}

impl SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = Stop;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Walked {
        self.walker.count()?;
        self.place = None;
        key.serialize(Key { at: self.walker.place, place: &mut self.place })
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Walked {
        match self.place.take() {
            Some(place) => value.serialize(self.walker.inside(place)?),
            None => Ok(()),
        }
    }

    fn end(self) -> Walked {
        Ok(())
    }
}

impl SerializeStructVariant for Entries<'_> {
    type Ok = ();
    type Error = Stop;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Walked {
        self.walker.key(key, value)
    }

    fn end(self) -> Walked {
        Ok(())
    }
}
