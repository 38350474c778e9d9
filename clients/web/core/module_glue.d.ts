// The script that Emscripten writes beside the module; build.mjs says which.

interface EmscriptenModule {
  HEAPU8: Uint8Array<ArrayBuffer>;
  _malloc(bytes: number): number;
  _free(at: number): void;
  /** The number of the function whose name, ending with 0, lies at `name`; −1: there is none. */
  _kh_find(name: number): number;
  /** 1: the dictionary beside the module was taken, before the first call; 0: other bytes. */
  _kh_take_dictionary(at: number, size: number): number;
  /** Where the answer lies: seven numbers of 32 bits. */
  _kh_call(number: number, input: number, size: number): number;
}

declare module 'khuyenhoc-module' {
  export default function makeModule(options: {
    instantiateWasm(
      imports: WebAssembly.Imports,
      ready: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ): object;
  }): Promise<EmscriptenModule>;
}
