#include "clients/core/bundle/bundle_files.h"

#include "events/base/ranges.h"
#include "events/protocol/frame_codec.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <utility>
#include <variant>
#include <vector>

namespace clients {

using events::ErrorCode;
using events::FilePart;
using events::Result;
namespace bundle = events::bundle;
namespace protocol = events::protocol;

namespace {

/// What frames and sealed blocks add to a piece of a file, and to a file, at most.
constexpr std::uint64_t bytes_beside_piece = 48;
constexpr std::uint64_t bytes_beside_file = 256;

std::uint64_t bytes_in_bundle(std::uint32_t file_bytes) {
  const std::uint64_t pieces = file_bytes / protocol::good_piece_bytes + 2;
  return file_bytes + pieces * bytes_beside_piece + bytes_beside_file;
}

void count(Amount& amount, const FileHere& file) {
  ++amount.count;
  amount.bytes += file.size;
}

/// The files of one bundle.
class Packer {
 public:
  Packer(Replica& replica, const FilePacking& packing, bundle::BundleWriter& writer)
      : replica_(replica), packing_(packing), records_(replica.store()), writer_(writer) {}

  Result<PackedFiles> pack(std::uint64_t first_seq) {
    Result<std::vector<FileHere>> files = choose(first_seq);
    if (!files) return files.error();
    std::uint64_t total = 0;
    for (const FileHere& file : *files) total += file.size;
    std::uint64_t done = 0;
    for (const FileHere& file : *files) {
      if (Result<void> packed = pack(file); !packed) return packed.error();
      done += file.size;
      if (packing_.on_progress) packing_.on_progress(done, total);
    }
    return report_;
  }

 private:
  /// In the order in which they go.
  Result<std::vector<FileHere>> choose(std::uint64_t first_seq) {
    const Result<OriginalsPolicy> policy = records_.policy();
    if (!policy) return policy.error();
    const Result<FileRecords::Names> asked = records_.asked();
    if (!asked) return asked.error();
    const Result<FileRecords::Names> damaged = records_.damaged();
    if (!damaged) return damaged.error();

    const std::uint64_t known = replica_.own().verdicts_known();
    std::vector<FileHere> chosen;
    std::vector<FileHere> files =
        files_here(replica_.overlay().pending(), replica_.identity().chain, packing_.files);
    events::ranges::move(files_left_behind(replica_, packing_.files), std::back_inserter(files));
    for (FileHere& file : files) {
      const bool is_asked = asked->contains(file.name) && file.is_here;
      if ((!file.is_own || file.is_stored) && !is_asked) continue;
      const std::uint64_t seq = file.name.attached.seq();
      const bool is_of_this_chain = file.name.attached.chain() == replica_.identity().chain;
      const bool goes_with_its_event =
          !is_of_this_chain || seq <= known || (first_seq != 0 && seq >= first_seq);
      if (!goes_with_its_event) continue;
      if (!file.is_here || damaged->contains(file.name)) {
        ++report_.damaged;
        continue;
      }
      const bool is_original = file.name.part == FilePart::original;
      const bool is_free = file.is_left_behind || asked->contains(file.name);
      if (is_original && *policy == OriginalsPolicy::asked && !is_free) {
        count(report_.held_back, file);
        continue;
      }
      chosen.push_back(std::move(file));
    }
    const auto place = [&](const FileHere& file) {
      if (file.name.part == FilePart::thumbnail) return 0;
      return asked->contains(file.name) ? 1 : 2;
    };
    std::vector<FileHere> ordered;
    for (const int next : {0, 1, 2}) {
      for (const FileHere& file : chosen) {
        if (place(file) == next) ordered.push_back(file);
      }
    }
    return ordered;
  }

  Result<void> pack(const FileHere& file) {
    if (writer_.size_if_finished() + bytes_in_bundle(file.size) > packing_.bundle_bytes_max) {
      count(report_.left_out, file);
      return {};
    }
    const Result<std::optional<events::Bytes>> bytes = packing_.files.read(file.sha256);
    if (!bytes && bytes.error().code != ErrorCode::storage_corrupt) return bytes.error();
    if (!bytes || !*bytes || (*bytes)->size() != file.size) {
      ++report_.damaged;
      return records_.note_damaged(file.name);
    }
    if (Result<void> added = add(file, **bytes); !added) return added;
    const bool is_original = file.name.part == FilePart::original;
    count(is_original ? report_.originals : report_.thumbnails, file);
    return {};
  }

  Result<void> add(const FileHere& file, const events::Bytes& bytes) {
    const events::ChainNumber chain = replica_.identity().chain;
    const protocol::BlobOffer offer{file.name, protocol::possession_proof(chain, file.name, bytes)};
    Result<void> added = writer_.add(protocol::encode_frame(offer));
    // Chunks hold whole pieces, so no piece goes beyond its chunk.
    static_assert(protocol::file_chunk_bytes % protocol::good_piece_bytes == 0);
    for (std::uint32_t offset = 0; added && offset < file.size;
         offset += protocol::good_piece_bytes) {
      const std::uint32_t size = std::min(protocol::good_piece_bytes, file.size - offset);
      const auto begin = bytes.begin() + offset;
      const protocol::BlobChunk piece{file.name, offset, events::Bytes(begin, begin + size)};
      added = writer_.add(protocol::encode_frame(piece));
    }
    return added;
  }

  Replica& replica_;
  const FilePacking& packing_;
  FileRecords records_;
  bundle::BundleWriter& writer_;
  PackedFiles report_;
};

}  // namespace

Result<PackedFiles> pack_files(Replica& replica, const FilePacking& packing,
                               std::uint64_t first_seq, bundle::BundleWriter& writer) {
  return Packer(replica, packing, writer).pack(first_seq);
}

// ---- the answer ----

Result<void> FileAnswerReader::take(const protocol::Message& frame) {
  if (const auto* const want = std::get_if<protocol::BlobWant>(&frame)) {
    const Result<bool> is_ours = is_to_be_brought(replica_, files_, want->file);
    if (!is_ours) return is_ours.error();
    if (!*is_ours) return {};
    asked_.insert(want->file);
    answers_.asked = asked_.size();
    return records_.note_asked(want->file);
  }
  const auto* const state = std::get_if<protocol::BlobState>(&frame);
  if (state == nullptr) return {};
  if (state->status == protocol::FileStatus::stored) {
    ++answers_.stored;
    asked_.erase(state->file);  // The same bundle had brought it.
    answers_.asked = asked_.size();
    if (Result<void> forgotten = records_.forget_asked(state->file); !forgotten) return forgotten;
    delivered_.insert(state->file);
    const bool is_in_scope =
        replica_.overlay().confirmed().evidence_files().find(state->file.attached) != nullptr;
    if (!is_in_scope) return erase_left_behind(replica_, files_, delivered_);
  }
  if (state->status == protocol::FileStatus::refused) return take_refusal(*state);
  return {};
}

Result<void> FileAnswerReader::take_refusal(const protocol::BlobState& state) {
  if (state.reason == ErrorCode::not_found) {
    ++answers_.waiting;
    return {};
  }
  if (state.reason == ErrorCode::storage_corrupt) {
    const Result<bool> damaged = is_damaged(replica_, files_, state.file);
    if (!damaged) return damaged.error();
    if (*damaged) {
      ++answers_.damaged;
      return records_.note_damaged(state.file);
    }
  }
  ++answers_.refused;
  return {};
}

}  // namespace clients
