#include "clients/cli/commands.h"
#include "clients/cli/dossier_choice.h"
#include "projections/texts/texts.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <utility>

// The command for minutes of a meeting: review.

namespace clients {

using events::DossierState;
using events::Result;
using events::ReviewConclusion;

namespace {

struct ReviewOptions {
  DossierChoice choice;
  std::string unit, secretary, place, opened, closed, agenda;
  std::uint16_t invited = 0;
  std::uint16_t present = 0;
  bool unanimous = false;
  std::vector<std::string> not_proposed, deferred, votes;
};

struct Votes {
  events::DossierId dossier;
  std::uint16_t agree = 0;
  std::uint16_t disagree = 0;
};

/// "7.12=30/2": the votes for one dossier.
Result<Votes> parse_votes(Session& session, const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::size_t slash = text.find('/', equals == std::string::npos ? 0 : equals);
  const Result<events::DossierId> dossier = session.dossier(text.substr(0, equals));
  if (!dossier) return dossier.error();
  Votes votes{*dossier, 0, 0};
  const auto read = [&](std::size_t from, std::size_t to, std::uint16_t& number) {
    const auto [stop, failure] = std::from_chars(text.data() + from, text.data() + to, number);
    return failure == std::errc{} && stop == text.data() + to;
  };
  if (equals == std::string::npos || slash == std::string::npos ||
      !read(equals + 1, slash, votes.agree) || !read(slash + 1, text.size(), votes.disagree)) {
    return usage_error(
        fmt::format("“{}” phải viết MÃ=đồng ý/không đồng ý, ví dụ 7.12=30/2.", text));
  }
  if (votes.agree == 0 && votes.disagree == 0) {
    return usage_error(fmt::format(
        "“{}” không có phiếu nào; hồ sơ không ghi phiếu thì đừng nêu trong --votes.", text));
  }
  return votes;
}

events::ReviewEntry* entry_of(std::vector<events::ReviewEntry>& entries, events::DossierId id) {
  const auto found = std::ranges::find(entries, id, &events::ReviewEntry::dossier);
  return found == entries.end() ? nullptr : &*found;
}

Result<void> conclude(Session& session, const std::vector<std::string>& texts,
                      ReviewConclusion conclusion, std::vector<events::ReviewEntry>& entries) {
  for (const std::string& text : texts) {
    const Result<events::DossierId> dossier = session.dossier(text);
    if (!dossier) return dossier.error();
    entry_of(entries, *dossier)->conclusion = conclusion;
  }
  return {};
}

/// Votes are what somebody said: by --votes for one, by --unanimous for all others; the rest has
/// none.
Result<void> count_votes(Session& session, const ReviewOptions& options,
                         std::vector<events::ReviewEntry>& entries) {
  for (events::ReviewEntry& entry : entries) {
    if (!options.unanimous) break;
    const bool for_it = entry.conclusion == ReviewConclusion::proposed;
    (for_it ? entry.agree : entry.disagree) = options.present;
  }
  for (const std::string& text : options.votes) {
    const Result<Votes> votes = parse_votes(session, text);
    if (!votes) return votes.error();
    events::ReviewEntry* const entry = entry_of(entries, votes->dossier);
    if (entry == nullptr) {
      return usage_error(fmt::format("Hồ sơ trong “{}” không có trong cuộc họp này.", text));
    }
    if (votes->agree + votes->disagree > options.present) {
      return usage_error(fmt::format("“{}” có {} phiếu, mà chỉ {} người có mặt.", text,
                                     votes->agree + votes->disagree, options.present));
    }
    entry->agree = votes->agree;
    entry->disagree = votes->disagree;
  }
  return {};
}

Result<void> check_attendance(const ReviewOptions& options) {
  if (options.present == 0) return usage_error("Số người có mặt (--present) phải từ 1.");
  if (options.invited != 0 && options.invited < options.present) {
    return usage_error(fmt::format("Số người được mời ({}) ít hơn số người có mặt ({}).",
                                   options.invited, options.present));
  }
  return {};
}

void print_attendance(Session& session, const ReviewOptions& options) {
  if (session.options().json) return;
  if (options.invited == 0) {
    print(session.out(), "Có mặt {}; không ghi số người được mời.\n", options.present);
    return;
  }
  print(session.out(), "Có mặt {}/{} người được mời ({} %).\n", options.present, options.invited,
        options.present * 100 / options.invited);
}

Result<events::ReviewHeld> minutes_from(Session& session, const ReviewOptions& options) {
  events::ReviewHeld held;
  const Result<events::UnitId> unit = session.unit(options.unit);
  if (!unit) return unit.error();
  held.unit = *unit;
  held.present = options.present;
  held.invited = options.invited;
  if (!options.secretary.empty()) {
    const Result<events::PersonId> secretary = session.person(options.secretary);
    if (!secretary) return secretary.error();
    held.secretary = *secretary;
  }
  return held;
}

Result<int> run_review(Session& session, const ReviewOptions& options) {
  if (Result<void> fits = check_attendance(options); !fits) return fits.error();
  DossierChoice every = options.choice;
  every.named.insert(every.named.end(), options.not_proposed.begin(), options.not_proposed.end());
  every.named.insert(every.named.end(), options.deferred.begin(), options.deferred.end());
  const auto is_assessed = [](const projections::Dossier& dossier) {
    return dossier.state == DossierState::self_assessed;
  };
  const auto chosen = choose_dossiers(session, every, {is_assessed, is_assessed});
  if (!chosen) return chosen.error();
  Result<events::ReviewHeld> held = minutes_from(session, options);
  if (!held) return held.error();
  for (const events::DossierId dossier : chosen->ids) {
    held->entries.push_back({dossier, ReviewConclusion::proposed, 0, 0});
  }
  auto done =
      conclude(session, options.not_proposed, ReviewConclusion::not_proposed, held->entries);
  if (done) done = conclude(session, options.deferred, ReviewConclusion::deferred, held->entries);
  if (done) done = count_votes(session, options, held->entries);
  if (!done) return done.error();
  events::MinutesRecord minutes;
  const Result<void> filled = fill_fields({{options.place, minutes.place},
                                           {options.opened, minutes.opened},
                                           {options.closed, minutes.closed},
                                           {options.agenda, minutes.agenda}});
  if (!filled) return filled.error();

  print_attendance(session, options);
  const auto said = [&](const projections::Dossier& dossier) {
    const events::ReviewEntry& entry = *entry_of(held->entries, dossier.id);
    return fmt::format("{}, {}", projections::name_vi(entry.conclusion),
                       projections::votes_vi(entry));
  };
  const Result<Decision> decision = look_at_choice(session, options.choice, *chosen, said);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(options.choice.look);

  const events::MeetingId meeting{(*session.device())->workspace().next_id()};
  const std::vector<events::ReviewEntry> entries = held->entries;
  std::vector<RecordRequest> requests;
  Result<RecordRequest> request = session.request(std::move(*held), {}, std::move(minutes));
  if (!request) return request.error();
  requests.push_back(std::move(*request));
  for (const events::ReviewEntry& entry : entries) {
    Result<RecordRequest> reviewed = session.request(
        events::DossierReviewed{meeting, entry.conclusion}, stream_of(entry.dossier));
    if (!reviewed) return reviewed.error();
    requests.push_back(std::move(*reviewed));
  }
  return session.record(requests);
}

}  // namespace

void add_review_command(CommandLine& line) {
  add_command<ReviewOptions>(
      line, "review", "Ghi biên bản họp bình xét và kết quả từng hồ sơ",
      "  khuyenhoc --home H review --unit \"Bản Nà Tấu\" --invited 40 --present 32 \\\n"
      "    --place \"Nhà văn hóa\" --all --not-proposed 7.20 --votes 7.12=30/2 --yes\n"
      "  Không nêu --votes hay --unanimous thì biên bản không ghi phiếu.",
      [](CommandOptions& command, ReviewOptions& options) {
        declare_choice(command, options.choice);
        command.add_option("--unit", options.unit, "Thôn hoặc xã họp").required();
        command.add_option("--present", options.present, "Số người có mặt").required();
        command.add_option("--invited", options.invited, "Số người được mời, nếu có ghi");
        command.add_option("--secretary", options.secretary, "Thư ký: mã hoặc họ tên");
        command.add_option("--place", options.place, "Địa điểm");
        command.add_option("--opened", options.opened, "Bắt đầu, ví dụ \"19 giờ 30\"");
        command.add_option("--closed", options.closed, "Kết thúc");
        command.add_option("--agenda", options.agenda, "Nội dung");
        command.add_option("--not-proposed", options.not_proposed, "Hồ sơ không đề nghị")
            .delimiter(',');
        command.add_option("--deferred", options.deferred, "Hồ sơ để lại").delimiter(',');
        command.add_option("--votes", options.votes, "Phiếu: MÃ=đồng ý/không đồng ý")
            .delimiter(',');
        command.add_flag("--unanimous", options.unanimous,
                         "Tất cả người có mặt nhất trí với kết luận của từng hồ sơ");
      },
      run_review);
}

}  // namespace clients
