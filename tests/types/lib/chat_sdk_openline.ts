export * from "openline";
