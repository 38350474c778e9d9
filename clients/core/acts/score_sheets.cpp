#include "clients/core/acts/score_sheets.h"

namespace clients {

using events::Result;

Result<ScoreSheets> current_sheets(const Replica& replica) {
  ScoreSheets sheets;
  const projections::Dossiers& dossiers = replica.overlay().pending().dossiers();
  const auto note = [&](const events::Event& event) {
    const auto* const sheet = std::get_if<events::SelfAssessmentRecorded>(&event.payload);
    if (sheet == nullptr) return;
    const events::DossierId id{event.header.stream.id};
    const projections::Dossier* const dossier = dossiers.find(id);
    // What was refused or still waits is not the dossier's sheet.
    const bool is_current = dossier != nullptr && dossier->assessor == event.header.actor &&
                            dossier->total_tenths == sheet->total_tenths;
    if (is_current) sheets[id] = sheet->scores_tenths;
  };
  const auto visit = [&](const events::StoredEvent& stored, const events::ScopeSet& /*scope*/) {
    note(stored.event);
  };
  const events::Position everything{~std::uint64_t{0}};
  if (Result<void> read = replica.replay(events::Position{}, everything, visit); !read) {
    return read.error();
  }
  const std::uint64_t head = replica.own().head().seq;
  for (std::uint64_t seq = replica.own().verdicts_known() + 1; seq <= head; ++seq) {
    note(replica.own().entry(seq).event);
  }
  return sheets;
}

}  // namespace clients
