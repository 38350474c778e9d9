#include "clients/cli/commands.h"
#include "clients/cli/dossier_choice.h"
#include "clients/cli/words.h"

#include <fmt/core.h>

#include <charconv>
#include <utility>

// Commands that make a document with a list, and the acts that follow from it: review, submit,
// appraise, decide, not-recognised.

namespace clients {

using events::DossierState;
using events::Result;

namespace {

const projections::State& state_of(Session& session) {
  return (*session.device())->workspace().pending();
}

/// Adds one event for each dossier, made by `make`.
template <class Make>
Result<void> add_each(Session& session, const std::vector<events::DossierId>& dossiers, Make make,
                      std::vector<RecordRequest>& requests) {
  for (const events::DossierId dossier : dossiers) {
    Result<RecordRequest> request = session.request(make(dossier), stream_of(dossier));
    if (!request) return request.error();
    requests.push_back(std::move(*request));
  }
  return {};
}

// ---- review ----

struct ReviewOptions {
  DossierChoice choice;
  std::string unit, secretary, place, opened, closed, agenda;
  std::uint16_t invited = 0;
  std::uint16_t present = 0;
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
  return votes;
}

Result<std::vector<events::ReviewEntry>> review_entries(Session& session,
                                                        const ReviewOptions& options) {
  std::vector<events::ReviewEntry> entries;
  DossierChoice every = options.choice;
  every.named.insert(every.named.end(), options.not_proposed.begin(), options.not_proposed.end());
  every.named.insert(every.named.end(), options.deferred.begin(), options.deferred.end());
  const auto dossiers = choose_dossiers(session, every, [](const projections::Dossier& dossier) {
    return dossier.state == DossierState::self_assessed;
  });
  if (!dossiers) return dossiers.error();
  for (const events::DossierId dossier : *dossiers) {
    entries.push_back({dossier, events::ReviewConclusion::proposed, options.present, 0});
  }
  const auto entry_of = [&](events::DossierId dossier) -> events::ReviewEntry& {
    return *std::ranges::find(entries, dossier, &events::ReviewEntry::dossier);
  };
  const auto conclude = [&](const std::vector<std::string>& texts,
                            events::ReviewConclusion conclusion) {
    for (const std::string& text : texts) {
      events::ReviewEntry& entry = entry_of(*session.dossier(text));
      entry.conclusion = conclusion;
      entry.agree = 0;
      entry.disagree = options.present;
    }
  };
  conclude(options.not_proposed, events::ReviewConclusion::not_proposed);
  conclude(options.deferred, events::ReviewConclusion::deferred);
  for (const std::string& text : options.votes) {
    const Result<Votes> votes = parse_votes(session, text);
    if (!votes) return votes.error();
    if (std::ranges::count(*dossiers, votes->dossier) == 0) {
      return usage_error(fmt::format("Hồ sơ trong “{}” không có trong cuộc họp này.", text));
    }
    entry_of(votes->dossier).agree = votes->agree;
    entry_of(votes->dossier).disagree = votes->disagree;
  }
  return entries;
}

Result<int> run_review(Session& session, const ReviewOptions& options) {
  Result<std::vector<events::ReviewEntry>> entries = review_entries(session, options);
  if (!entries) return entries.error();
  const Result<events::UnitId> unit = session.unit(options.unit);
  if (!unit) return unit.error();

  events::ReviewHeld held;
  held.unit = *unit;
  held.present = options.present;
  held.invited = std::max(options.invited, options.present);
  held.entries = *entries;
  if (!options.secretary.empty()) {
    const Result<events::PersonId> secretary = session.person(options.secretary);
    if (!secretary) return secretary.error();
    held.secretary = *secretary;
  }
  events::MinutesRecord minutes;
  const Result<void> filled = fill_fields({{options.place, minutes.place},
                                           {options.opened, minutes.opened},
                                           {options.closed, minutes.closed},
                                           {options.agenda, minutes.agenda}});
  if (!filled) return filled.error();
  const events::MeetingId meeting{(*session.device())->workspace().next_id()};
  std::vector<RecordRequest> requests;
  Result<RecordRequest> request = session.request(std::move(held), {}, std::move(minutes));
  if (!request) return request.error();
  requests.push_back(std::move(*request));
  for (const events::ReviewEntry& entry : *entries) {
    Result<RecordRequest> reviewed = session.request(
        events::DossierReviewed{meeting, entry.conclusion}, stream_of(entry.dossier));
    if (!reviewed) return reviewed.error();
    requests.push_back(std::move(*reviewed));
  }
  return session.record(requests);
}

// ---- submit ----

struct SubmitOptions {
  DossierChoice choice;
  std::string issuer, number;
};

Result<int> run_submit(Session& session, const SubmitOptions& options) {
  const auto dossiers =
      choose_dossiers(session, options.choice, [](const projections::Dossier& dossier) {
        return dossier.state == DossierState::reviewed &&
               dossier.conclusion == events::ReviewConclusion::proposed;
      });
  if (!dossiers) return dossiers.error();
  const Result<events::OrganisationId> issuer = session.organisation(options.issuer);
  if (!issuer) return issuer.error();
  const Result<std::string> number = typed_text(options.number);
  if (!number) return number.error();

  const events::ListId list{(*session.device())->workspace().next_id()};
  std::vector<RecordRequest> requests;
  const auto total = static_cast<std::uint16_t>(dossiers->size());
  Result<RecordRequest> request =
      session.request(events::ListSubmitted{*issuer, *number, total, *dossiers});
  if (!request) return request.error();
  requests.push_back(std::move(*request));
  const auto make = [&](events::DossierId) { return events::DossierSubmitted{list}; };
  if (Result<void> added = add_each(session, *dossiers, make, requests); !added) {
    return added.error();
  }
  return session.record(requests);
}

// ---- appraise ----

Result<int> run_appraise(Session& session, const DossierChoice& choice) {
  const auto dossiers = choose_dossiers(session, choice, [](const projections::Dossier& dossier) {
    return dossier.state == DossierState::submitted;
  });
  if (!dossiers) return dossiers.error();
  // The outcome follows from the sheet and the criteria; nobody types it.
  const auto make = [&](events::DossierId id) {
    const projections::Dossier* const dossier = state_of(session).dossiers().find(id);
    const auto outcome = dossier->sheet_passes ? events::AppraisalOutcome::qualified
                                               : events::AppraisalOutcome::not_qualified;
    return events::DossierAppraised{outcome, dossier->total_tenths};
  };
  std::vector<RecordRequest> requests;
  if (Result<void> added = add_each(session, *dossiers, make, requests); !added) {
    return added.error();
  }
  return session.record(requests);
}

// ---- decide ----

struct DecideOptions {
  DossierChoice choice;
  std::string issuer, symbol = "QĐ-UBND", capacity = "tm";
  std::uint32_t number = 0;
};

Result<int> run_decide(Session& session, const DecideOptions& options) {
  const auto dossiers =
      choose_dossiers(session, options.choice, [](const projections::Dossier& dossier) {
        return dossier.state == DossierState::appraised &&
               dossier.outcome == events::AppraisalOutcome::qualified;
      });
  if (!dossiers) return dossiers.error();
  const Result<events::OrganisationId> issuer = session.organisation(options.issuer);
  if (!issuer) return issuer.error();
  const Result<std::string> symbol = typed_text(options.symbol);
  if (!symbol) return symbol.error();
  const auto capacity = parse_word<events::SigningCapacity>(options.capacity);
  if (!capacity) return capacity.error();
  const Result<events::Day> day = session.business_day();
  if (!day) return day.error();

  events::DecisionIssued issued;
  issued.issuer = *issuer;
  issued.number = options.number;
  issued.year = static_cast<std::uint16_t>(events::calendar_date(*day).year);
  issued.symbol = *symbol;
  issued.capacity = *capacity;
  issued.dossiers = *dossiers;
  const events::DecisionId decision{(*session.device())->workspace().next_id()};
  std::vector<RecordRequest> requests;
  Result<RecordRequest> request = session.request(std::move(issued));
  if (!request) return request.error();
  requests.push_back(std::move(*request));
  const auto make = [&](events::DossierId) { return events::TitleGranted{decision}; };
  if (Result<void> added = add_each(session, *dossiers, make, requests); !added) {
    return added.error();
  }
  return session.record(requests);
}

// ---- not-recognised ----

struct NotRecognisedOptions {
  DossierChoice choice;
  std::vector<std::string> reasons;
};

Result<int> run_not_recognised(Session& session, const NotRecognisedOptions& options) {
  const auto dossiers =
      choose_dossiers(session, options.choice, [](const projections::Dossier& dossier) {
        return (dossier.state == DossierState::reviewed &&
                dossier.conclusion == events::ReviewConclusion::not_proposed) ||
               (dossier.state == DossierState::appraised &&
                dossier.outcome == events::AppraisalOutcome::not_qualified);
      });
  if (!dossiers) return dossiers.error();
  events::DossierNotRecognized content;
  for (const std::string& word : options.reasons) {
    const auto reason = parse_word<events::NotRecognizedReason>(word);
    if (!reason) return reason.error();
    content.reasons.push_back(*reason);
  }
  std::vector<RecordRequest> requests;
  const auto make = [&](events::DossierId) { return content; };
  if (Result<void> added = add_each(session, *dossiers, make, requests); !added) {
    return added.error();
  }
  return session.record(requests);
}

}  // namespace

void add_document_commands(CommandLine& line) {
  add_command<ReviewOptions>(
      line, "review", "Ghi biên bản họp bình xét và kết quả từng hồ sơ",
      "  khuyenhoc --home H review --unit \"Bản Nà Tấu\" --present 32 --place \"Nhà văn hóa\" \\\n"
      "    --all --not-proposed 7.20 --votes 7.12=30/2",
      [](CommandOptions& command, ReviewOptions& options) {
        declare_choice(command, options.choice);
        command.add_option("--unit", options.unit, "Thôn hoặc xã họp").required();
        command.add_option("--present", options.present, "Số người có mặt").required();
        command.add_option("--invited", options.invited, "Số người được mời");
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
      },
      run_review);
  add_command<SubmitOptions>(
      line, "submit", "Lập tờ trình kèm danh sách đề nghị",
      "  khuyenhoc --home H submit --all --issuer \"Hội Khuyến học xã Nà Tấu\" "
      "--number \"05/TTr-HKH\"",
      [](CommandOptions& command, SubmitOptions& options) {
        declare_choice(command, options.choice);
        command.add_option("--issuer", options.issuer, "Tổ chức trình: mã hoặc tên").required();
        command.add_option("--number", options.number, "Số tờ trình, để trống khi chưa có");
      },
      run_submit);
  add_command<DossierChoice>(line, "appraise", "Thẩm định: kết quả tính từ phiếu và bộ tiêu chí",
                             "  khuyenhoc --home H appraise --all --cycle 2025", declare_choice,
                             run_appraise);
  add_command<DecideOptions>(
      line, "decide", "Ghi quyết định công nhận và danh hiệu từng người",
      "  khuyenhoc --home H decide --all --issuer \"UBND xã Nà Tấu\" --number 12 "
      "--symbol QĐ-UBND --capacity tm",
      [](CommandOptions& command, DecideOptions& options) {
        declare_choice(command, options.choice);
        command.add_option("--issuer", options.issuer, "Cơ quan ban hành").required();
        command.add_option("--number", options.number, "Số trong sổ của cơ quan").required();
        command.add_option("--symbol", options.symbol, "Ký hiệu, ví dụ QĐ-UBND");
        command.add_option("--capacity", options.capacity, words_of<events::SigningCapacity>());
      },
      run_decide);
  add_command<NotRecognisedOptions>(
      line, "not-recognised", "Ghi không công nhận, có lý do",
      "  khuyenhoc --home H not-recognised 7.20 --reason below_total",
      [](CommandOptions& command, NotRecognisedOptions& options) {
        declare_choice(command, options.choice);
        command.add_option("--reason", options.reasons, words_of<events::NotRecognizedReason>())
            .delimiter(',')
            .required();
      },
      run_not_recognised);
}

}  // namespace clients
