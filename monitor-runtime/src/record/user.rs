use super::{Attributes, Value, value::Text};

/// The user on whose behalf something happens. Every part is optional.
///
/// ```
/// use monitor_runtime::User;
///
/// let user = User::new(42).with_username("ada").with("role", "Dispatcher");
/// assert_eq!(user.id.as_deref(), Some("42"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct User {
    /// What the application knows the user by.
    pub id: Option<String>,
    /// A name that people recognise.
    pub username: Option<String>,
    /// An e-mail address; personal data, sent only if that is allowed.
    pub email: Option<String>,
    /// An IP address; personal data, sent only if that is allowed.
    pub ip_address: Option<String>,
    /// Anything else: role, plan, language.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::map"))]
    pub data: Attributes,
}

impl User {
    /// A user known by this id.
    pub fn new(id: impl ToString) -> Self {
        Self { id: Some(id.to_string()), ..Self::default() }
    }

    /// Adds the name that people recognise.
    #[must_use]
    pub fn with_username(mut self, username: impl Into<String>) -> Self {
        self.username = Some(username.into());
        self
    }

    /// Adds the e-mail address.
    #[must_use]
    pub fn with_email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Adds the IP address.
    #[must_use]
    pub fn with_ip_address(mut self, ip_address: impl ToString) -> Self {
        self.ip_address = Some(ip_address.to_string());
        self
    }

    /// Adds any other fact: role, plan, language.
    #[must_use]
    pub fn with(mut self, key: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.data.push((key.into(), value.into()));
        self
    }
}

macro_rules! user_from_id {
    ($($id:ty),*) => {$(
        impl From<$id> for User {
            fn from(id: $id) -> Self {
                Self::new(id)
            }
        }
    )*};
}

user_from_id!(&str, String, &String, u32, u64, i32, i64, usize);

impl From<&Self> for User {
    fn from(user: &Self) -> Self {
        user.clone()
    }
}
