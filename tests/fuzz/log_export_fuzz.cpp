// Reads and verifies whatever comes as a log export: strangers send these files.

// Fuzz targets stand on the layers below the tools, so the reader is compiled in here.
#include "events/base/check.h"
#include "projections/verification/structure_verifier.h"
#include "tools/audit/log_export_reader.cpp"
#include "tools/audit/log_export_writer.cpp"
#include "tools/audit/verify.cpp"

#include <cstddef>
#include <cstdint>

namespace {

/// A record as it was read gives the same bytes when it is written again.
void check_round_trip(const audit::LogExportItem& item) {
  const auto* const block = std::get_if<audit::LogExportBlock>(&item.content);
  if (block == nullptr) return;
  const events::Result<events::StoredBlock> decoded = events::decode_stored_block(block->encoded);
  if (!decoded) return;
  CHECK(events::encode_stored_block(*decoded) == block->encoded, "a block has one encoding");
  CHECK(verification::leaf_hashes_of(*decoded).size() == decoded->entries.size(),
        "every event has a leaf");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const events::ByteView bytes(data, size);
  audit::MemorySource source(bytes);
  audit::LogExportReader reader(source);
  for (;;) {
    const auto item = reader.next();
    if (!item || !*item) break;
    CHECK((*item)->range.end <= size, "a record lies in its file");
    check_round_trip(**item);
  }
  audit::MemorySource again(bytes);
  const events::Result<audit::Report> report = audit::verify_export(again);
  if (report) {
    CHECK(!report->verified() || report->problem_count() == 0,
          "a report with problems is not verified");
  }
  return 0;
}
