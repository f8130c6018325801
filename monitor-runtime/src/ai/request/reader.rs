//! The serializer that looks for parameters and writes nothing.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::ser::{
    self, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple,
};

use super::AiRequest;
use super::place::{LEVEL, Place, SEED};
use crate::ai::stop::Stop;
use crate::context::cut;
use crate::record::Value;

/// Keys and elements that are looked at.
const MAX_LOOKS: u32 = 500;
/// How deep they may lie: settings lie at 2.
const MAX_DEPTH: u8 = 6;
/// Texts at which a model stops that are kept, and bytes of each. OpenAI takes four.
const MAX_STOPS: usize = 16;
const MAX_WORD: usize = 256;

/// What is found until the request's `Serialize` is done, fails or panics.
pub(super) fn read<T: Serialize + ?Sized>(request: &T) -> AiRequest {
    let mut found = AiRequest::default();
    let mut left = MAX_LOOKS;
    let walk = || {
        let reader = Reader { place: Place::Request, found: &mut found, left: &mut left, depth: 0 };
        let _ = request.serialize(reader);
    };
    let _ = catch_unwind(AssertUnwindSafe(walk));
    found
}

struct Reader<'a> {
    place: Place,
    found: &'a mut AiRequest,
    left: &'a mut u32,
    depth: u8,
}

type Read = Result<(), Stop>;

impl Reader<'_> {
    fn look<T: Serialize + ?Sized>(&mut self, place: Place, value: &T) -> Read {
        *self.left = self.left.checked_sub(1).ok_or(Stop)?;
        let depth = self.depth + 1;
        if place == Place::Nothing || depth > MAX_DEPTH {
            return Ok(());
        }
        value.serialize(Reader { place, found: self.found, left: self.left, depth })
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Read {
        let place = if self.place == Place::Stops { Place::Stops } else { Place::Nothing };
        self.look(place, value)
    }

    fn param(self, value: Value) -> Read {
        if let Place::Param(key) = self.place {
            // Sentry keeps it as a text: it may be larger than its numbers.
            let value = if key == SEED { value.to_string().into() } else { value };
            self.found.params.push((key, value));
        }
        Ok(())
    }

    fn text(self, text: &str) -> Read {
        match self.place {
            Place::Stops if self.found.stops.len() < MAX_STOPS => {
                self.found.stops.push(cut(text, MAX_WORD).to_owned());
                Ok(())
            }
            Place::Param(LEVEL | SEED) => self.param(cut(text, MAX_WORD).to_owned().into()),
            _ => Ok(()),
        }
    }
}

macro_rules! wholes {
    ($($method:ident($kind:ty as $wide:ty)),* $(,)?) => {$(
        fn $method(self, value: $kind) -> Read {
            self.param(<$wide>::from(value).into())
        }
    )*};
}

macro_rules! nothing {
    ($($method:ident($($kind:ty),*)),* $(,)?) => {$(
        fn $method(self, $(_: $kind),*) -> Read {
            Ok(())
        }
    )*};
}

impl<'a> ser::Serializer for Reader<'a> {
    type Ok = ();
    type Error = Stop;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Impossible<(), Stop>;
    type SerializeTupleVariant = Impossible<(), Stop>;
    type SerializeMap = Entries<'a>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<(), Stop>;

    wholes! {
        serialize_i8(i8 as i64), serialize_i16(i16 as i64), serialize_i32(i32 as i64),
        serialize_i64(i64 as i64), serialize_u8(u8 as u64), serialize_u16(u16 as u64),
        serialize_u32(u32 as u64), serialize_u64(u64 as u64), serialize_f64(f64 as f64),
    }

    /// As it is written: 0.2, and not the double that is next to it.
    fn serialize_f32(self, value: f32) -> Read {
        let written = value.to_string().parse().unwrap_or_else(|_| f64::from(value));
        self.serialize_f64(written)
    }

    fn serialize_str(self, text: &str) -> Read {
        self.text(text)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Read {
        self.text(variant)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Read {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Read {
        value.serialize(self)
    }

    /// Such as one text or several: what is inside counts.
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Read {
        value.serialize(self)
    }

    nothing! {
        serialize_bool(bool), serialize_char(char), serialize_bytes(&[u8]), serialize_none(),
        serialize_unit(), serialize_unit_struct(&'static str),
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Stop> {
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Stop> {
        Ok(self)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Stop> {
        Err(Stop)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Stop> {
        Err(Stop)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries<'a>, Stop> {
        Ok(Entries { reader: self, place: Place::Nothing })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Stop> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Stop> {
        Err(Stop)
    }

    /// Nothing that counts is formatted first.
    fn collect_str<T: fmt::Display + ?Sized>(self, _: &T) -> Read {
        Ok(())
    }
}

impl SerializeSeq for Reader<'_> {
    type Ok = ();
    type Error = Stop;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Read {
        self.element(value)
    }

    fn end(self) -> Read {
        Ok(())
    }
}

impl SerializeTuple for Reader<'_> {
    type Ok = ();
    type Error = Stop;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Read {
        self.element(value)
    }

    fn end(self) -> Read {
        Ok(())
    }
}

impl SerializeStruct for Reader<'_> {
    type Ok = ();
    type Error = Stop;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Read {
        self.look(self.place.step(key), value)
    }

    fn end(self) -> Read {
        Ok(())
    }
}

/// The entries of a map, whose keys come apart from their values.
struct Entries<'a> {
    reader: Reader<'a>,
    place: Place,
}

impl SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = Stop;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Read {
        let mut found = AiRequest::default();
        let reader =
            Reader { place: Place::Stops, found: &mut found, left: self.reader.left, depth: 0 };
        // A key that is no text leads nowhere.
        let _ = key.serialize(reader);
        let key = found.stops.first().map_or("", String::as_str);
        self.place = self.reader.place.step(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Read {
        self.reader.look(self.place, value)
    }

    fn end(self) -> Read {
        Ok(())
    }
}
