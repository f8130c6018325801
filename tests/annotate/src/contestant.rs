use std::path::Path;
use std::str::FromStr;

/// An attribute, and the dependency that it comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contestant {
    /// With a backend compiled in, and none set up.
    Ours,
    /// With no backend compiled in.
    Off,
    /// With a backend that receives every span: the package `recorder` sets it up.
    Recorded,
    Fastrace,
    Tracing,
}

impl FromStr for Contestant {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "ours" => Ok(Self::Ours),
            "off" => Ok(Self::Off),
            "recorded" => Ok(Self::Recorded),
            "fastrace" => Ok(Self::Fastrace),
            "tracing" => Ok(Self::Tracing),
            _ => Err(format!("unknown attribute {name}")),
        }
    }
}

impl Contestant {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Off => "off",
            Self::Recorded => "recorded",
            Self::Fastrace => "fastrace",
            Self::Tracing => "tracing",
        }
    }

    /// Goes before each function, on the same line, so that no line gets another number.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Ours | Self::Off | Self::Recorded => "#[::monitor_runtime::traced] ",
            Self::Fastrace => "#[::fastrace::trace] ",
            Self::Tracing => "#[::tracing::instrument(skip_all)] ",
        }
    }

    /// Goes to the end of the crate's manifest.
    pub(crate) fn dependency(self, runtime: &Path) -> String {
        let ours = |features: &str| {
            let path = runtime.display();
            format!(
                "[dependencies.monitor-runtime]\npath = \"{path}\"\n\
                 default-features = false\nfeatures = [{features}]\n"
            )
        };
        match self {
            Self::Ours => ours("\"console\", \"stream\""),
            Self::Off => ours(""),
            Self::Recorded => {
                // Beside this runtime, so that there is no second one.
                let recorder = runtime.join("../tests/annotate/recorder");
                let (ours, path) = (ours("\"console\", \"stream\""), recorder.display());
                format!("{ours}\n[dependencies.annotate-recorder]\npath = \"{path}\"\n")
            }
            Self::Fastrace => {
                "[dependencies.fastrace]\nversion = \"=0.7.19\"\nfeatures = [\"enable\"]\n".into()
            }
            Self::Tracing => "[dependencies.tracing]\nversion = \"0.1.44\"\n".into(),
        }
    }

    /// Goes to the end of the crate's root module.
    pub(crate) fn root_module(self) -> &'static str {
        match self {
            // A package that nobody names isn't linked.
            Self::Recorded => "\nextern crate annotate_recorder as _;\n",
            _ => "",
        }
    }
}
