use crate::record::{Attributes, User, Value};

/// A type that says who the user is: anything that a [`User`] can be made from, or a type of a bot
/// library.
///
/// ```
/// use monitor_runtime::{IntoUser, User, traced};
///
/// # mod framework { pub struct Author { pub id: u64, pub name: String } }
/// struct Author<'a>(&'a framework::Author);
///
/// impl IntoUser for Author<'_> {
///     fn into_user(self) -> User {
///         User::new(self.0.id).with_username(&self.0.name)
///     }
/// }
///
/// #[traced(user = Author(author))]
/// fn greet(author: &framework::Author) {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` says nothing of a user",
    label = "expected an id, a `User`, or a type that implements `IntoUser`",
    note = "for instance: user = user.id"
)]
pub trait IntoUser {
    /// Who it is.
    fn into_user(self) -> User;
}

impl<T: Into<User>> IntoUser for T {
    fn into_user(self) -> User {
        self.into()
    }
}

/// The user that a context of this name describes.
pub fn user(values: Attributes) -> User {
    let mut user = User::default();
    for (key, value) in values {
        let part = match key.as_ref() {
            "id" => &mut user.id,
            "username" => &mut user.username,
            "email" => &mut user.email,
            "ip_address" => &mut user.ip_address,
            _ => {
                user.data.push((key, value));
                continue;
            }
        };
        *part = (value != Value::Null).then(|| value.to_string());
    }
    user
}
