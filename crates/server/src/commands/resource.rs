//! `openline-server resource`: works beside a running server, which finds a new resource on its own.

use openline_protocol::ResourceId;
use serde_json::json;

use super::{CommandError, print_json};
use crate::{
    cli::{ResourceArgs, ResourceCommand},
    clock::{Clock as _, SystemClock},
    config::{self, Config},
    data_dir::DataDir,
    domain::resource::{connection_strings, create_resource},
    storage::{Storage, Transaction, sqlite},
    telemetry,
};

pub(super) async fn run(command: ResourceCommand) -> Result<(), CommandError> {
    let file = match &command {
        ResourceCommand::Create(args) | ResourceCommand::Keys(args) => &args.config,
        ResourceCommand::List(args) => &args.config,
    };
    let config = config::load(file)?;
    telemetry::logs::init(&config.log);
    let data_dir = DataDir::open(&config.server.data_dir)?;
    let storage = sqlite::open(&data_dir.database()?).await?;
    let done = match command {
        ResourceCommand::Create(args) => create(&storage, &config, &args).await,
        ResourceCommand::Keys(args) => keys(&storage, &config, &args).await,
        ResourceCommand::List(_) => list(&storage).await,
    };
    storage.close().await;
    done
}

async fn create(storage: &Storage, config: &Config, args: &ResourceArgs) -> Result<(), CommandError> {
    let resource_id = create_resource(storage, &args.name, SystemClock::default().now()).await?;
    print_keys(storage, config, &args.name, &resource_id).await
}

async fn keys(storage: &Storage, config: &Config, args: &ResourceArgs) -> Result<(), CommandError> {
    let resources = storage
        .read(|tx: &mut dyn Transaction| tx.list_resources())
        .await?;
    let found = resources.into_iter().find(|resource| resource.name == args.name);
    let resource = found.ok_or_else(|| CommandError::NoResource(args.name.clone()))?;
    print_keys(storage, config, &args.name, &resource.resource_id).await
}

async fn list(storage: &Storage) -> Result<(), CommandError> {
    for resource in storage
        .read(|tx: &mut dyn Transaction| tx.list_resources())
        .await?
    {
        print_json(&json!({
            "name": resource.name,
            "resourceId": resource.resource_id,
            "createdOn": resource.created_on,
        }))?;
    }
    Ok(())
}

async fn print_keys(
    storage: &Storage,
    config: &Config,
    name: &str,
    resource_id: &ResourceId,
) -> Result<(), CommandError> {
    let strings = connection_strings(storage, resource_id, &config.server.public_endpoint).await?;
    print_json(&json!({
        "name": name,
        "resourceId": resource_id,
        "connectionString": strings.first(),
        "secondaryConnectionString": strings.get(1),
    }))?;
    Ok(())
}
