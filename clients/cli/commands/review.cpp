#include "clients/core/acts/review.h"

#include "clients/cli/commands.h"
#include "clients/cli/dossier_choice.h"
#include "projections/texts/texts.h"

#include <fmt/core.h>

#include <charconv>
#include <system_error>

// The command for minutes of a meeting: review.

namespace clients {

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

/// "7.12=30/2": the votes for one dossier.
Result<acts::Votes> parse_votes(Session& session, const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::size_t slash = text.find('/', equals == std::string::npos ? 0 : equals);
  const Result<events::DossierId> dossier = session.dossier(text.substr(0, equals));
  if (!dossier) return dossier.error();
  acts::Votes votes{*dossier, 0, 0, text};
  const auto read = [&](std::size_t from, std::size_t to, std::uint16_t& number) {
    const auto [stop, failure] = std::from_chars(text.data() + from, text.data() + to, number);
    return failure == std::errc{} && stop == text.data() + to;
  };
  if (equals == std::string::npos || slash == std::string::npos ||
      !read(equals + 1, slash, votes.agree) || !read(slash + 1, text.size(), votes.disagree)) {
    return usage_error(
        fmt::format("“{}” phải viết MÃ=đồng ý/không đồng ý, ví dụ 7.12=30/2.", text));
  }
  return votes;
}

Result<void> conclude(Session& session, const std::vector<std::string>& texts,
                      ReviewConclusion conclusion, acts::Meeting& meeting) {
  for (const std::string& text : texts) {
    const Result<events::DossierId> dossier = session.dossier(text);
    if (!dossier) return dossier.error();
    acts::entry_of(meeting, *dossier)->conclusion = conclusion;
  }
  return {};
}

/// Votes are what somebody said: by --votes for one, by --unanimous for all others; the rest has
/// none.
Result<void> take_votes(Session& session, const ReviewOptions& options, acts::Meeting& meeting) {
  if (options.unanimous) acts::vote_unanimously(meeting);
  for (const std::string& text : options.votes) {
    const Result<acts::Votes> votes = parse_votes(session, text);
    if (!votes) return votes.error();
    if (Result<void> counted = acts::count_votes(meeting, *votes); !counted) return counted;
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

/// Who met: the unit and the secretary as people name them.
Result<void> fill_meeting(Session& session, const ReviewOptions& options, acts::Meeting& meeting) {
  const Result<events::UnitId> unit = session.unit(options.unit);
  if (!unit) return unit.error();
  meeting.unit = *unit;
  if (options.secretary.empty()) return {};
  const Result<events::PersonId> secretary = session.person(options.secretary);
  if (!secretary) return secretary.error();
  meeting.secretary = *secretary;
  return {};
}

Result<int> run_review(Session& session, const ReviewOptions& options) {
  acts::Meeting meeting;
  meeting.invited = options.invited;
  meeting.present = options.present;
  meeting.minutes = {options.place, options.opened, options.closed, options.agenda};
  if (Result<void> fits = acts::check_attendance(meeting); !fits) return fits.error();
  DossierChoice every = options.choice;
  every.named.insert(every.named.end(), options.not_proposed.begin(), options.not_proposed.end());
  every.named.insert(every.named.end(), options.deferred.begin(), options.deferred.end());
  const auto chosen = choose_dossiers(session, every, acts::review_step());
  if (!chosen) return chosen.error();
  if (Result<void> filled = fill_meeting(session, options, meeting); !filled) {
    return filled.error();
  }
  for (const events::DossierId dossier : chosen->ids) {
    meeting.entries.push_back({dossier, ReviewConclusion::proposed, 0, 0});
  }
  auto done = conclude(session, options.not_proposed, ReviewConclusion::not_proposed, meeting);
  if (done) done = conclude(session, options.deferred, ReviewConclusion::deferred, meeting);
  if (done) done = take_votes(session, options, meeting);
  if (!done) return done.error();

  print_attendance(session, options);
  const auto said = [&](const projections::Dossier& dossier) {
    const events::ReviewEntry& entry = *acts::entry_of(meeting, dossier.id);
    return fmt::format("{}, {}", projections::name_vi(entry.conclusion),
                       projections::votes_vi(entry));
  };
  const Result<Decision> decision = look_at_choice(session, options.choice, *chosen, said);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(options.choice.look);
  return session.perform([&](acts::Draft& draft, const acts::Occasion& occasion) {
    return acts::hold_meeting(draft, occasion, meeting);
  });
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
