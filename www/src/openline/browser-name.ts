// The browser and its system, as they name themselves: nothing that tells one person from another.

export function browserName(): string {
  const known = navigator.userAgent.match(/(Firefox|Edg|Chrome|Version)\/([\d.]+)/);
  const system = navigator.userAgent.match(/\(([^;)]+)/)?.[1] ?? "unknown system";
  const name = known?.[1] === "Version" ? "Safari" : known?.[1] === "Edg" ? "Edge" : known?.[1];
  return name ? `${name} ${known?.[2]}, ${system}` : system;
}
