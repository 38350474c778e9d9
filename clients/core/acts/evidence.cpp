#include "clients/core/acts/evidence.h"

#include "clients/core/acts/score.h"
#include "clients/core/acts/typed_text.h"
#include "events/base/paper_day.h"

#include <utility>

namespace clients::acts {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

Result<events::EvidenceRecord> clean_record(events::EvidenceRecord record) {
  const Result<void> clean = clean_texts({&record.what, &record.issuer, &record.where_kept});
  if (!clean) return clean.error();
  return record;
}

}  // namespace

Result<void> sight_evidence(Draft& draft, const Occasion& occasion, const Evidence& evidence) {
  Result<events::EvidenceRecord> record = clean_record(evidence.record);
  if (!record) return record.error();
  draft.add(occasion,
            events::EvidenceSighted{evidence.kind, evidence.indicators, evidence.document_day, {}},
            stream_of(evidence.dossier), std::move(*record));
  return {};
}

Result<void> attach_evidence(Draft& draft, const Occasion& occasion, const Evidence& evidence,
                             const EvidenceFiles& files) {
  Result<events::EvidenceRecord> record = clean_record(evidence.record);
  if (!record) return record.error();
  draft.add(occasion,
            events::EvidenceAttached{evidence.kind,
                                     evidence.indicators,
                                     evidence.document_day,
                                     files.original,
                                     files.thumbnail,
                                     {}},
            stream_of(evidence.dossier), std::move(*record));
  return {};
}

Result<std::uint32_t> indicators_named(const projections::State& state, events::DossierId dossier,
                                       std::span<const std::string> codes) {
  if (codes.empty()) return std::uint32_t{0};
  const Result<BoundSheet> sheet = sheet_of(state, dossier);
  if (!sheet) return sheet.error();
  std::uint32_t bits = 0;
  for (const std::string& code : codes) {
    const auto& all = sheet->content->indicators;
    std::size_t index = 0;
    while (index < all.size() && all[index].code != code) ++index;
    if (index == all.size()) {
      return Error{ErrorCode::invalid_argument, "Bộ tiêu chí không có chỉ số “" + code + "”."};
    }
    bits |= 1U << index;
  }
  return bits;
}

Result<events::Day> read_document_day(std::string_view typed) {
  if (typed.empty()) return events::Day{};
  const std::optional<events::Day> day = events::parse_paper_day(typed);
  if (!day || day->value == 0) {
    return Error{ErrorCode::invalid_argument,
                 "“" + std::string(typed) +
                     "” không phải là ngày trên giấy; hãy viết 30/11/2025 hoặc 2025-11-30, từ năm "
                     "1900 trở đi."};
  }
  return *day;
}

}  // namespace clients::acts
