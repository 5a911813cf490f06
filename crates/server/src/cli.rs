//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Calls, chat, identities and tokens, on your own machine.
#[derive(Debug, Parser)]
#[command(name = "openline-server", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run for one developer on one machine, with everything made on the first start.
    Dev(DevArgs),
    /// Run in production.
    Serve(ServeArgs),
    /// Create and list resources.
    #[command(subcommand)]
    Resource(ResourceCommand),
    /// Look at a deployment as clients see it, and say what is wrong with it.
    ///
    /// From any machine: name the server. On the server's machine: name its settings, which adds the data directory, the
    /// certificate's files, ports and limits. Relays are tried where it may sign in: with an access key (an identity is
    /// made and deleted again), a token, or the settings. Exit code 0: nothing failed, 1: something did, 2: wrong use.
    Doctor(DoctorArgs),
}

/// `openline-server dev`.
#[derive(Debug, Args)]
pub struct DevArgs {
    /// Port for plain HTTP; 0 finds a free one.
    #[arg(long, default_value_t = 8080)]
    pub http_port: u16,
    /// Port for HTTPS; 0 finds a free one.
    #[arg(long, default_value_t = 8443)]
    pub https_port: u16,
    /// Where the database, keys and certificates are; by default `openline` in the user's data directory.
    #[arg(long)]
    pub data_dir: Option<PathBuf>,
    /// A directory with a page to serve at `/`.
    #[arg(long)]
    pub www: Option<PathBuf>,
}

/// `openline-server serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The settings, a TOML file.
    #[arg(long)]
    pub config: PathBuf,
}

/// `openline-server resource`.
#[derive(Debug, Subcommand)]
pub enum ResourceCommand {
    /// Create a resource and print its connection strings.
    Create(ResourceArgs),
    /// Print the connection strings of a resource.
    Keys(ResourceArgs),
    /// Print the resources, without their keys.
    List(ServeArgs),
}

/// A resource of a server.
#[derive(Debug, Args)]
pub struct ResourceArgs {
    /// The settings of the server, a TOML file.
    #[arg(long)]
    pub config: PathBuf,
    /// The resource's name: letters, digits, `-` and `_`.
    pub name: String,
}

/// `openline-server doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// The server, such as `https://calls.example.org`; by default that of the connection string or of the settings.
    pub endpoint: Option<String>,
    /// The settings of the server, on its own machine.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Who asks: `endpoint=…;accesskey=…`. Better in the variable than where others see it.
    #[arg(
        long,
        value_name = "STRING",
        env = "OPENLINE_CONNECTION_STRING",
        hide_env_values = true
    )]
    pub connection_string: Option<String>,
    /// Likewise, a file with an access key or a connection string.
    #[arg(long, value_name = "FILE", conflicts_with = "token_file")]
    pub access_key_file: Option<PathBuf>,
    /// Who asks: a file with a user access token of the scope `voip`.
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// A PEM file of authorities to trust beside the system's.
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// The origin of a page that is to use the server, such as `https://app.example.org`.
    #[arg(long)]
    pub origin: Option<String>,
    /// How long a socket is left silent, in seconds; 0: not at all.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u64).range(0..=600))]
    pub idle_s: u64,
    /// How long a step may take, in seconds.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub timeout_s: u64,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}
