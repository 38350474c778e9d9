#include "tools/bench/frozen_corpus.h"

#include "events/archive/compact.h"
#include "events/base/check.h"
#include "platform/new_file.h"

#include <zstd.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

using events::Bytes;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

constexpr std::uint64_t bulk_events = 5'000;
constexpr std::uint64_t single_events = 600;
constexpr std::size_t unpacked_bytes_max = 4 << 20;

void write_blocks(events::CompactOutput& archive, const std::vector<events::StoredBlock>& blocks) {
  archive.write_varint(blocks.size());
  for (const events::StoredBlock& block : blocks) {
    const Bytes encoded = events::encode_stored_block(block);
    archive.write_varint(encoded.size());
    archive.write_bytes(encoded);
  }
}

/// The log keeps what a device signed, so the pushes can be put together again.
WireCorpus with_pushes(std::vector<events::StoredBlock> stored) {
  WireCorpus corpus;
  std::optional<events::DeviceBlock> run;
  for (const events::StoredBlock& block : stored) {
    if (!run) run = {block.log, block.chain, block.first_seq, block.previous, {}, {}};
    for (const events::BlockEntry& entry : block.entries) run->events.push_back(entry.canonical);
    if (!block.run) continue;
    run->signature = block.run->signature;
    corpus.pushed.push_back(std::move(*run));
    run.reset();
  }
  corpus.stored = std::move(stored);
  return corpus;
}

/// Throws: cereal::Exception.
WireCorpus read_blocks(events::CompactInput& archive) {
  std::vector<events::StoredBlock> blocks(archive.read_length(unpacked_bytes_max));
  for (events::StoredBlock& block : blocks) {
    const std::size_t size = archive.read_length(events::encoded_block_bytes_max);
    Result<events::StoredBlock> read = events::decode_stored_block(archive.read_bytes(size));
    archive.expect(read.has_value(), "a block cannot be read");
    block = std::move(*read);
  }
  return with_pushes(std::move(blocks));
}

}  // namespace

std::filesystem::path frozen_corpus_path() {
  return std::filesystem::path(KHUYENHOC_SOURCE_DIR) / "tools/bench/frozen/lives_1.zst";
}

Result<FrozenCorpus> read_frozen_corpus(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const Bytes packed{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) return Error{ErrorCode::io_failed, "cannot read " + path.string()};
  Bytes bytes(unpacked_bytes_max);
  const std::size_t size =
      ZSTD_decompress(bytes.data(), bytes.size(), packed.data(), packed.size());
  if (ZSTD_isError(size) != 0) {
    return Error{ErrorCode::malformed, path.string() + ": " + ZSTD_getErrorName(size)};
  }
  bytes.resize(size);
  try {
    events::CompactInput archive(bytes);
    FrozenCorpus corpus;
    corpus.bulk = read_blocks(archive);
    corpus.single = read_blocks(archive);
    archive.expect(archive.rest().empty(), "bytes left over");
    corpus.digest = events::sha256(packed);
    return corpus;
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::malformed, path.string() + ": " + exception.what()};
  }
}

Result<void> write_frozen_corpus(const std::filesystem::path& path, std::uint64_t seed) {
  Bytes bytes;
  events::CompactOutput archive(bytes);
  write_blocks(archive, make_wire_corpus(seed, bulk_events, 100).stored);
  write_blocks(archive, make_wire_corpus(seed, single_events, 1).stored);
  CHECK(bytes.size() <= unpacked_bytes_max, "the corpus has the size it was given");
  Bytes packed(ZSTD_compressBound(bytes.size()));
  packed.resize(ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), 19));
  return platform::write_new_file(path, {.replaces = true, .source = {}}, packed);
}

}  // namespace bench
