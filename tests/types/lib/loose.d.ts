// One `any` in each place where one can hide: looseTypes has to find them all.
type Hidden = any;

export interface Members {
  property: any;
  method(parameter: any): void;
  readonly [name: string]: unknown;
}
export interface Indexed {
  [name: string]: any;
}
export class Built {
  constructor(parameter: any);
  static made(): any;
}
export function inPromise(): Promise<any>;
export function inList(list: any[]): void;
export function inCallback(callback: (error: Error, value: any) => void): void;
export function inUnion(value: string | { deep: Map<string, any> }): void;
export function inBound<T extends Set<any>>(value: T): void;
export function byAlias(value: Hidden): void;
export function unresolved(value: NoSuchType): void;
export function disguised(callback: Function): void;
export type Aliased = { inner: Partial<Record<"a", any>> };
export const constant: any;
