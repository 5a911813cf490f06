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
