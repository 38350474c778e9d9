#include "events/packing/block_body.h"
#include "platform/new_file.h"
#include "tools/bench/frozen_corpus.h"
#include "tools/bench/wire_corpus.h"

#include <zdict.h>

#include <charconv>
#include <iostream>
#include <string_view>
#include <vector>

// Trains a compression dictionary on packed blocks of made-up dossier lives, and freezes such lives
// as the corpus of the bench.  A dictionary becomes a file in events/packing/dictionaries/ with
// a number of its own; released ones never change.

namespace {

constexpr std::size_t dictionary_bytes = 32 * 1024;
/// Sizes of pushes that devices make, from one live event to a day's work.
constexpr std::size_t push_sizes[] = {1, 2, 5, 10, 20, 50, 100};
constexpr std::uint64_t events_a_size = 4'000;

struct Samples {
  std::vector<std::uint8_t> bytes;
  std::vector<std::size_t> sizes;

  void add(const events::Bytes& sample) {
    bytes.insert(bytes.end(), sample.begin(), sample.end());
    sizes.push_back(sample.size());
  }
};

Samples collect(std::uint64_t seed) {
  Samples samples;
  for (const std::size_t size : push_sizes) {
    const bench::WireCorpus corpus = bench::make_wire_corpus(seed + size, events_a_size, size);
    // With whole digests: cut ones gained nothing for pushes and cost pulls a byte an event.
    for (const auto& block : corpus.pushed) samples.add(events::pack_body(block, {}));
    for (const auto& block : corpus.stored) samples.add(events::pack_body(block));
  }
  return samples;
}

constexpr std::string_view usage =
    "khuyenhoc-dictionary [train] SEED FILE\n"
    "  trains a dictionary on the made-up lives of that seed and writes it\n"
    "khuyenhoc-dictionary freeze SEED FILE\n"
    "  writes lives of that seed as the corpus that the bytes of the wire are measured on\n"
    "Examples:\n"
    "  khuyenhoc-dictionary 1 events/packing/dictionaries/1.dict\n"
    "  khuyenhoc-dictionary freeze 20261122 tools/bench/frozen/lives_1.zst\n";

int freeze(std::uint64_t seed, const char* file) {
  const events::Result<void> written = bench::write_frozen_corpus(file, seed);
  if (written) return 0;
  std::cerr << "khuyenhoc-dictionary: " << written.error().message << " [io_failed]\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seed = 0;
  const std::string_view verb = argc == 4 ? argv[1] : "train";
  const std::string_view text = argc == 3 || argc == 4 ? argv[argc - 2] : "";
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), seed);
  const bool is_number = wrong == std::errc() && end == text.data() + text.size();
  if (!is_number || (verb != "train" && verb != "freeze")) {
    std::cerr << usage;
    return 2;
  }
  const char* const path = argv[argc - 1];
  if (verb == "freeze") return freeze(seed, path);
  const Samples samples = collect(seed);
  std::vector<char> dictionary(dictionary_bytes);
  const std::size_t size =
      ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(), samples.bytes.data(),
                            samples.sizes.data(), static_cast<unsigned>(samples.sizes.size()));
  if (ZDICT_isError(size) != 0) {
    std::cerr << "khuyenhoc-dictionary: " << ZDICT_getErrorName(size) << '\n';
    return 1;
  }
  const platform::NewFileOptions replacing{.replaces = true, .source = {}};
  const std::string_view content(dictionary.data(), size);
  const auto saved = platform::write_new_file(path, replacing, events::bytes_of(content));
  if (!saved) {
    std::cerr << "khuyenhoc-dictionary: " << saved.error().message << " ["
              << events::name_of(saved.error().code) << "]\n";
    return 1;
  }
  std::cout << samples.sizes.size() << " samples of " << samples.bytes.size()
            << " bytes; dictionary of " << size << " bytes in " << path << '\n';
  return 0;
}
