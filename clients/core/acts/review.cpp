#include "clients/core/acts/review.h"

#include "clients/core/acts/typed_text.h"
#include "events/base/ranges.h"

#include <utility>

namespace clients::acts {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

Error wrong(std::string what) { return Error{ErrorCode::invalid_argument, std::move(what)}; }

}  // namespace

BulkStep review_step() {
  const auto is_assessed = [](const projections::Dossier& dossier) {
    return dossier.state == events::DossierState::self_assessed;
  };
  return {is_assessed, is_assessed};
}

Result<void> check_attendance(const Meeting& meeting) {
  if (meeting.present == 0) return wrong("Số người có mặt (--present) phải từ 1.");
  if (meeting.invited != 0 && meeting.invited < meeting.present) {
    return wrong("Số người được mời (" + std::to_string(meeting.invited) +
                 ") ít hơn số người có mặt (" + std::to_string(meeting.present) + ").");
  }
  return {};
}

void vote_unanimously(Meeting& meeting) {
  for (events::ReviewEntry& entry : meeting.entries) {
    const bool for_it = entry.conclusion == events::ReviewConclusion::proposed;
    (for_it ? entry.agree : entry.disagree) = meeting.present;
  }
}

Result<void> count_votes(Meeting& meeting, const Votes& votes) {
  const std::string typed = "“" + votes.typed + "”";
  if (votes.agree == 0 && votes.disagree == 0) {
    return wrong(typed + " không có phiếu nào; hồ sơ không ghi phiếu thì đừng nêu trong --votes.");
  }
  events::ReviewEntry* const entry = entry_of(meeting, votes.dossier);
  if (entry == nullptr) return wrong("Hồ sơ trong " + typed + " không có trong cuộc họp này.");
  if (votes.agree + votes.disagree > meeting.present) {
    return wrong(typed + " có " + std::to_string(votes.agree + votes.disagree) + " phiếu, mà chỉ " +
                 std::to_string(meeting.present) + " người có mặt.");
  }
  entry->agree = votes.agree;
  entry->disagree = votes.disagree;
  return {};
}

events::ReviewEntry* entry_of(Meeting& meeting, events::DossierId dossier) {
  const auto found = events::ranges::find(meeting.entries, dossier, &events::ReviewEntry::dossier);
  return found == meeting.entries.end() ? nullptr : &*found;
}

Result<events::MeetingId> hold_meeting(Draft& draft, const Occasion& occasion,
                                       const Meeting& meeting) {
  if (const Result<void> fits = check_attendance(meeting); !fits) return fits.error();
  events::MinutesRecord minutes = meeting.minutes;
  const Result<void> clean =
      clean_texts({&minutes.place, &minutes.opened, &minutes.closed, &minutes.agenda});
  if (!clean) return clean.error();
  const events::MeetingId id{draft.add(
      occasion,
      events::ReviewHeld{
          meeting.unit, meeting.secretary, meeting.invited, meeting.present, meeting.entries, {}},
      {}, std::move(minutes))};
  for (const events::ReviewEntry& entry : meeting.entries) {
    draft.add(occasion, events::DossierReviewed{id, entry.conclusion}, stream_of(entry.dossier));
  }
  return id;
}

}  // namespace clients::acts
