// Reads declarations the way an application's compiler does.
import { fileURLToPath } from "node:url";
import ts from "typescript-5";

const options = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: [],
  strict: true,
  noEmit: true,
};

/** The checker and the exported symbols of the module that `specifier` means in this folder. */
export function openModule(specifier) {
  const here = fileURLToPath(import.meta.url);
  const { resolvedModule } = ts.resolveModuleName(specifier, here, options, ts.sys);
  if (!resolvedModule) throw new Error(`${specifier} has no declarations`);
  return openDeclarations(resolvedModule.resolvedFileName);
}

/** The same for a file. */
export function openDeclarations(file) {
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = checker.getSymbolAtLocation(source);
  const exports = checker.getExportsOfModule(module).map((symbol) => ({
    name: symbol.name,
    symbol: symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
  }));
  return { program, checker, source, module, exports };
}

/** What the compiler says about a module of JavaScript, with these ambient declarations. */
export function problemsOf(code, ambient) {
  const name = fileURLToPath(new URL("block.ts", import.meta.url));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  // A block without imports is a module nevertheless.
  const block = ts.createSourceFile(name, `${code}\nexport {};\n`, ts.ScriptTarget.ES2022, true);
  host.getSourceFile = (path, ...rest) => (path === name ? block : getSourceFile(path, ...rest));
  host.fileExists = (path) => path === name || fileExists(path);
  const program = ts.createProgram([name, ambient], { ...options, noImplicitAny: false }, host);
  return ts.getPreEmitDiagnostics(program, block).map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** Where `any` or `Function` can be got at, as paths such as `Call.on(listener)`. */
export function looseTypes({ checker, program, source, exports }) {
  const found = [];
  const seen = new Set();
  const ours = (declaration) => !program.isSourceFileDefaultLibrary(declaration.getSourceFile());

  const visit = (type, path) => {
    if (type.flags & ts.TypeFlags.Any || type.symbol?.name === "Function") {
      found.push(path);
      return;
    }
    if (seen.has(type)) return;
    seen.add(type);
    for (const argument of [...(type.aliasTypeArguments ?? []), ...typeArguments(checker, type)]) {
      visit(argument, `${path}<>`);
    }
    if (type.isUnionOrIntersection()) {
      for (const part of type.types) visit(part, path);
      return;
    }
    if (type.isTypeParameter()) {
      for (const bound of [type.getConstraint(), type.getDefault()]) if (bound) visit(bound, `${path} extends`);
      return;
    }
    // What belongs to the browser is as it is.
    if (type.symbol?.declarations && !type.symbol.declarations.some(ours)) return;
    for (const member of type.getProperties()) {
      visit(checker.getTypeOfSymbolAtLocation(member, source), `${path}.${member.name}`);
    }
    for (const index of checker.getIndexInfosOfType(type)) visit(index.type, `${path}[]`);
    for (const signature of type.getCallSignatures()) visitSignature(signature, path);
    for (const signature of type.getConstructSignatures()) visitSignature(signature, `new ${path}`);
  };

  const visitSignature = (signature, path) => {
    for (const parameter of signature.getTypeParameters() ?? []) visit(parameter, `${path}<${parameter.symbol.name}>`);
    for (const parameter of signature.getParameters()) {
      visit(checker.getTypeOfSymbolAtLocation(parameter, source), `${path}(${parameter.name})`);
    }
    visit(signature.getReturnType(), `${path}()`);
  };

  for (const { name, symbol } of exports) {
    if (symbol.flags & ts.SymbolFlags.Type) visit(checker.getDeclaredTypeOfSymbol(symbol), name);
    if (symbol.flags & ts.SymbolFlags.Value) visit(checker.getTypeOfSymbolAtLocation(symbol, source), name);
  }
  return found;
}

/** The names that a page can import and use, types left out. */
export function valueNames({ checker, module }) {
  return checker.getTypeOfSymbol(module).getProperties().map(({ name }) => name);
}

/** The events of every map of events, as `CallEvents.stateChanged`. */
export function eventNames({ checker, exports }) {
  const maps = exports.filter(({ name }) => name.endsWith("Events"));
  return maps.flatMap(({ name, symbol }) =>
    checker.getDeclaredTypeOfSymbol(symbol).getProperties().map((event) => `${name}.${event.name}`));
}

function typeArguments(checker, type) {
  const isReference = type.flags & ts.TypeFlags.Object && type.objectFlags & ts.ObjectFlags.Reference;
  return isReference ? checker.getTypeArguments(type) : [];
}
