#include "tools/audit/verify.h"

#include "tools/audit/log_export_reader.h"

#include <optional>
#include <string>
#include <utility>

namespace audit {
namespace {

using events::Position;
using events::Result;

std::string text_of(const FileRange& range) {
  return "bytes " + std::to_string(range.begin) + "–" + std::to_string(range.end - 1);
}

/// Follows the records of one log export.
class LogExportVerifier {
 public:
  LogExportVerifier(Report& report, const Progress& progress)
      : report_(report), blocks_(report, progress) {
    report_.apply(Check::file);
    report_.apply(Check::leaves);
  }

  void take(const LogExportItem& item) {
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
    const verification::StructureVerifier& structure = blocks_.structure();
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
  void take_content(const LogExportHeader& header) {
    if (records_++ > 0) return add("a header that is not the first record");
    header_ = header;
  }
  void take_content(const LogExportCheckpoint& checkpoint) {
    ++records_;
    if (blocks_taken_ > 0) return add("a checkpoint after the first block");
    if (++checkpoints_ > checkpoints_max) return add("more checkpoints than a log export may hold");
    blocks_.expect(checkpoint);
  }
  void take_content(const LogExportBlock& block) {
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
  void take_content(const LogExportEnd& end) {
    ended_ = true;
    if (!end.digest_matches) add("the bytes before the trailer do not have the digest it names");
    if (!end.nothing_follows) add("bytes follow the trailer");
    if (end.trailer.blocks != blocks_taken_ ||
        end.trailer.events + 1 != blocks_.structure().next_position().value) {
      add("the trailer counts " + std::to_string(end.trailer.blocks) + " blocks and " +
          std::to_string(end.trailer.events) + " events; the file holds others");
    }
  }
  void take_content(const LogExportDamage& damage) {
    ++records_;
    add("a record cannot be read: " + damage.what);
    if (damage.what.starts_with("trailer")) ended_ = true;
  }

  void add(std::string message) {
    report_.add({Check::file, {}, {}, {}, {}, place_, std::move(message)});
  }

  Report& report_;
  verification::BlockVerifier blocks_;
  std::optional<LogExportHeader> header_;
  std::string place_;
  std::uint64_t records_ = 0;
  std::uint64_t blocks_taken_ = 0;
  std::size_t checkpoints_ = 0;
  bool ended_ = false;
};

}  // namespace

Result<Report> verify_export(ByteSource& source, const Progress& progress) {
  Report report;
  LogExportReader reader(source);
  LogExportVerifier verifier(report, progress);
  for (bool begun = false;; begun = true) {
    const Result<std::optional<LogExportItem>> item = reader.next();
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

}  // namespace audit
