#include "tools/audit/verify.h"

#include "tools/audit/bundle_reader.h"
#include "tools/audit/judging_verifier.h"
#include "tools/audit/structure_verifier.h"

#include <optional>
#include <string>
#include <utility>

namespace audit {
namespace {

using events::Position;
using events::Result;

/// How many events pass between two calls of Progress.
constexpr std::uint64_t progress_step = 10'000;

/// Both verifiers, fed with encoded blocks.
class BlockVerifier {
 public:
  BlockVerifier(Report& report, const Progress& progress)
      : report_(report), progress_(progress), structure_(report), judging_(report) {
    report_.apply(Check::blocks);
  }

  void expect(const BundleCheckpoint& checkpoint) { judging_.expect(checkpoint); }

  /// Takes the next block; false when it cannot be read.
  bool take(events::ByteView encoded, std::span<const events::Digest> leaf_hashes,
            const std::string& place) {
    report_.count(Check::blocks);
    const Result<events::StoredBlock> block = events::decode_stored_block(encoded);
    if (!block) return lose(leaf_hashes, place, block.error().message);
    const Result<std::vector<events::StoredEvent>> stored = events::stored_events(*block);
    if (!stored) {
      name_unreadable(*block, place);
      return lose(leaf_hashes, place, stored.error().message);
    }
    structure_.take(*block, *stored, leaf_hashes, place);
    if (structure_.complete()) {
      judging_.take(*block, *stored, place);
    } else {
      judging_.stop("events before position " + std::to_string(block->first.value) +
                    " are missing or unreadable");
    }
    report_.log = block->log;
    report_.epoch = block->epoch;
    if (progress_ && block->last().value / progress_step > block->first.value / progress_step) {
      progress_(block->last());
    }
    return true;
  }

  /// A block that is not there or not readable.
  bool lose(std::span<const events::Digest> leaf_hashes, const std::string& place,
            const std::string& why) {
    const Position first = structure_.next_position();
    const Position last{first.value + (leaf_hashes.empty() ? 0 : leaf_hashes.size() - 1)};
    report_.add({Check::blocks, first, last, {}, {}, place, "a block cannot be read: " + why});
    structure_.lose(leaf_hashes);
    judging_.stop("the events from position " + std::to_string(first.value) + " on cannot be read");
    return false;
  }

  void finish(Position position, const events::Digest& root) {
    structure_.finish(position, root);
    if (structure_.complete()) judging_.finish();
    report_.position = position;
    report_.root = events::to_hex(root.bytes);
    if (structure_.server_key())
      report_.server_key = events::to_hex(structure_.server_key()->bytes);
    report_.origin = structure_.origin();
  }

  const StructureVerifier& structure() const { return structure_; }

 private:
  /// Names each event of a block that cannot be taken apart, or is not where it belongs.
  void name_unreadable(const events::StoredBlock& block, const std::string& place) {
    for (std::size_t index = 0; index < block.entries.size(); ++index) {
      const Position position{block.first.value + index};
      const events::EventId id{block.chain, block.first_seq + index};
      const Result<events::Event> event = events::read_event(block.entries[index].canonical);
      if (!event) {
        report_.add({Check::blocks,
                     position,
                     position,
                     id,
                     {},
                     place,
                     "the event cannot be read: " + event.error().message});
      } else if (event->id() != id) {
        report_.add({Check::blocks, position, position, id, kind_of(*event), place,
                     "event " + to_string(event->id()) + " stands in its place"});
      }
    }
  }

  Report& report_;
  const Progress& progress_;
  StructureVerifier structure_;
  JudgingVerifier judging_;
};

std::string text_of(const FileRange& range) {
  return "bytes " + std::to_string(range.begin) + "–" + std::to_string(range.end - 1);
}

/// Follows the records of one bundle.
class BundleVerifier {
 public:
  BundleVerifier(Report& report, const Progress& progress)
      : report_(report), blocks_(report, progress) {
    report_.apply(Check::file);
    report_.apply(Check::leaves);
  }

  void take(const BundleItem& item) {
    report_.count(Check::file);
    place_ = text_of(item.range);
    std::visit([&](const auto& content) { take_content(content); }, item.content);
  }

  /// From here on the file cannot be taken apart.
  void break_off(const std::string& why) {
    add(why + "; the rest of the file, from position " +
        std::to_string(blocks_.structure().next_position().value) + " on, cannot be read");
    report_.stop(Check::file, "the rest of the file cannot be read");
  }

  void finish() {
    if (!ended_ && report_.result(Check::file).stopped.empty()) add("there is no trailer");
    if (!header_) {
      add("there is no readable header: nothing says where the log ends");
      blocks_.finish(Position{blocks_.structure().next_position().value - 1}, {});
      return;
    }
    blocks_.finish(header_->position, header_->root);
    const StructureVerifier& structure = blocks_.structure();
    if (structure.server_key() && *structure.server_key() != header_->server_key) {
      add("the header names another server key than the founding event");
    }
    if (structure.server_key() && structure.origin() != header_->origin) {
      add("the header names another origin than the founding event");
    }
    if (blocks_taken_ > 0 && (report_.log != header_->log || report_.epoch != header_->epoch)) {
      add("the header names another log or epoch than the last block");
    }
  }

 private:
  void take_content(const BundleHeader& header) {
    if (records_++ > 0) return add("a header that is not the first record");
    header_ = header;
  }
  void take_content(const BundleCheckpoint& checkpoint) {
    ++records_;
    if (blocks_taken_ > 0) return add("a checkpoint after the first block");
    if (++checkpoints_ > checkpoints_max) return add("more checkpoints than a bundle may hold");
    blocks_.expect(checkpoint);
  }
  void take_content(const BundleBlock& block) {
    ++records_;
    ++blocks_taken_;
    const Position first = blocks_.structure().next_position();
    if (events::sha256(block.encoded) != block.digest) {
      const std::uint64_t count = block.leaf_hashes.empty() ? 1 : block.leaf_hashes.size();
      report_.add({Check::file,
                   first,
                   Position{first.value + count - 1},
                   {},
                   {},
                   place_,
                   "the block is not the one whose SHA-256 stands beside it"});
    }
    blocks_.take(block.encoded, block.leaf_hashes, place_);
    if (block.leaf_hashes.empty()) add("a block without table of leaf hashes");
  }
  void take_content(const BundleEnd& end) {
    ended_ = true;
    if (!end.digest_matches) add("the bytes before the trailer do not have the digest it names");
    if (!end.nothing_follows) add("bytes follow the trailer");
    if (end.trailer.blocks != blocks_taken_ ||
        end.trailer.events + 1 != blocks_.structure().next_position().value) {
      add("the trailer counts " + std::to_string(end.trailer.blocks) + " blocks and " +
          std::to_string(end.trailer.events) + " events; the file holds others");
    }
  }
  void take_content(const BundleDamage& damage) {
    ++records_;
    add("a record cannot be read: " + damage.what);
    if (damage.what.starts_with("trailer")) ended_ = true;
  }

  void add(std::string message) {
    report_.add({Check::file, {}, {}, {}, {}, place_, std::move(message)});
  }

  Report& report_;
  BlockVerifier blocks_;
  std::optional<BundleHeader> header_;
  std::string place_;
  std::uint64_t records_ = 0;
  std::uint64_t blocks_taken_ = 0;
  std::size_t checkpoints_ = 0;
  bool ended_ = false;
};

}  // namespace

Result<Report> verify_bundle(ByteSource& source, const Progress& progress) {
  Report report;
  BundleReader reader(source);
  BundleVerifier verifier(report, progress);
  for (bool begun = false;; begun = true) {
    const Result<std::optional<BundleItem>> item = reader.next();
    if (!item && (!begun || item.error().code != events::ErrorCode::malformed)) {
      return item.error();
    }
    if (!item) {
      verifier.break_off(item.error().message);
      break;
    }
    if (!*item) break;
    verifier.take(**item);
  }
  verifier.finish();
  return report;
}

void verify_log(const events::EventLog& log, std::span<const BundleCheckpoint> checkpoints,
                Report& report, const Progress& progress) {
  BlockVerifier verifier(report, progress);
  for (const BundleCheckpoint& checkpoint : checkpoints) verifier.expect(checkpoint);
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  const events::LogHead head = log.head();
  report.log = head.log;
  report.epoch = head.epoch;
  for (;;) {
    const Position next = verifier.structure().next_position();
    Position scanned_to;
    const auto encoded = log.next_block(everything, Position{next.value - 1}, &scanned_to);
    if (!encoded) {
      verifier.lose({}, "database", encoded.error().message);
      break;
    }
    if (!*encoded) break;
    if (!verifier.take(**encoded, {}, "database")) break;
  }
  verifier.finish(head.position, head.root);
}

}  // namespace audit
