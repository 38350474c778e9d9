#include "clients/core/acts/score.h"

#include "clients/core/acts/score_input.h"
#include "projections/texts/sheet_texts.h"

#include <utility>

namespace clients::acts {

using events::Error;
using events::ErrorCode;
using events::Result;

Result<BoundSheet> sheet_of(const projections::State& state, events::DossierId id) {
  const Result<const projections::Dossier*> dossier = dossier_of(state, id);
  if (!dossier) return dossier.error();
  const auto [criteria, variant] = projections::criteria_of(**dossier, state.rulebook());
  if (criteria == nullptr || variant == nullptr) {
    return Error{ErrorCode::invalid_argument,
                 "Thiết bị chưa có bộ tiêu chí của hồ sơ này; hãy đồng bộ."};
  }
  return BoundSheet{criteria->id, &criteria->content, variant};
}

Result<Scores> read_sheet(const BoundSheet& sheet, std::span<const std::string> typed) {
  if (sheet.variant->indicators.empty()) {
    return Error{ErrorCode::invalid_argument, "Bộ tiêu chí " + sheet.content->code +
                                                  " chưa có chỉ số nào nên chưa chấm điểm được."};
  }
  std::vector<SheetColumn> columns;
  for (const std::uint8_t index : sheet.variant->indicators) {
    const events::Indicator& indicator = sheet.content->indicators[index];
    columns.push_back({indicator.code, indicator.step_tenths});
  }
  Result<std::vector<std::uint16_t>> scores = read_scores(typed, columns);
  if (!scores) return scores.error();
  return Scores{sheet.criteria, std::move(*scores)};
}

void record_scores(Draft& draft, const Occasion& occasion, events::DossierId dossier,
                   const Scores& scores) {
  std::uint16_t total = 0;
  for (const std::uint16_t score : scores.scores_tenths) {
    total = static_cast<std::uint16_t>(total + score);
  }
  draft.add(occasion, events::SelfAssessmentRecorded{scores.criteria, scores.scores_tenths, total},
            stream_of(dossier));
}

}  // namespace clients::acts
