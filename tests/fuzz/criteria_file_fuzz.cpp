// Criteria files are edited by hand and sent by administrators.  Whatever the bytes, reading ends
// with a set or an error, and a set that was read is written to a file that reads back the same.

#include "events/base/check.h"
#include "platform/json_text.h"
#include "projections/criteria/criteria.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

events::Result<events::CriteriaPublished> read(std::string_view json) {
  return projections::read_criteria_file(
      platform::read_json(json, projections::criteria_file_limits));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json{reinterpret_cast<const char*>(data), size};
  const auto set = read(json);
  if (!set) {
    CHECK(!set.error().message.empty(), "an error says what is wrong");
    return 0;
  }
  const std::string written = projections::write_criteria_file(*set);
  const auto again = read(written);
  CHECK(again, "what was written can be read");
  CHECK(projections::write_criteria_file(*again) == written, "and is the same set");

  // Every readable set can be scored, or says that it cannot.
  for (const events::GroupVariant& variant : set->groups) {
    const std::vector<std::uint16_t> scores(variant.indicators.size(), 50);
    const projections::Evaluation sheet = projections::evaluate(*set, variant, scores);
    const bool is_placeholder = set->status == events::CriteriaStatus::placeholder;
    CHECK(sheet.scorable != is_placeholder, "only placeholders have nothing to score");
  }
  return 0;
}
