use monitor_runtime::traced;
use secrecy::{ExposeSecret, SecretString};

#[traced(fields(token = token.expose_secret()))]
fn login(token: &SecretString) {
    let _ = token.expose_secret();
}

fn main() {
    login(&SecretString::from("hunter2"));
}
