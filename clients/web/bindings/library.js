// What the module asks of the browser.
mergeInto(LibraryManager.library, {
  kh_random: function (bytes, size) {
    globalThis.crypto.getRandomValues(HEAPU8.subarray(bytes, bytes + size));
  },
});
