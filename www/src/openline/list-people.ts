// Who can be called: everybody who ever signed in on this development server.

export interface Person {
  /** Raw id, for example `8:acs:<resource>_<user>`. */
  id: string;
  name: string;
}

export async function listPeople(): Promise<Person[]> {
  const response = await fetch("/demo/people");
  if (!response.ok) throw new Error(`The list of people answered with status ${response.status}.`);
  const { value } = (await response.json()) as {
    value: { name: string; identity: { id: string } }[];
  };
  return value.map(({ name, identity }) => ({ name, id: identity.id }));
}
