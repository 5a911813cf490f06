export * from "@azure/communication-chat";
export * from "@azure/communication-common";
