/** Takes a connection string apart. */
export function parseConnectionString(text) {
  const match = /^endpoint=(?<endpoint>[^;]+);accesskey=(?<accessKey>.+)$/.exec(text);
  if (!match) {
    throw new Error("That is no connection string.");
  }
  return match.groups;
}
