#include "clients/cli/commands.h"
#include "clients/cli/dossier_choice.h"
#include "clients/cli/evidence_file.h"
#include "clients/cli/output/words.h"
#include "clients/cli/score_sheet.h"
#include "events/base/paper_day.h"

#include <fmt/core.h>

#include <utility>

// Commands about one dossier, or the same act on some: accept, evidence, return, resubmit,
// withdraw.

namespace clients {

using events::DossierState;
using events::Result;

namespace {

Result<int> run_accept(Session& session, const DossierChoice& options) {
  const auto is_registered = [](const projections::Dossier& dossier) {
    return dossier.state == DossierState::registered;
  };
  const auto chosen = choose_dossiers(session, options, {is_registered, is_registered});
  if (!chosen) return chosen.error();
  const Result<Decision> decision = look_at_choice(session, options, *chosen);
  if (!decision) return decision.error();
  if (*decision == Decision::stop) return exit_of_stop(options.look);
  std::vector<RecordRequest> requests;
  for (const events::DossierId dossier : chosen->ids) {
    Result<RecordRequest> request =
        session.request(events::RegistrationAccepted{}, stream_of(dossier));
    if (!request) return request.error();
    requests.push_back(std::move(*request));
  }
  return session.record(requests);
}

// ---- evidence ----

struct EvidenceOptions {
  std::string dossier, kind, document_date, what, issuer, where_kept, file;
  std::vector<std::string> indicators;
};

Result<int> run_evidence(Session& session, const EvidenceOptions& options) {
  const Result<events::DossierId> dossier = session.dossier(options.dossier);
  if (!dossier) return dossier.error();
  events::EvidenceSighted sighted;
  const auto kind = parse_word<events::EvidenceKind>(options.kind);
  if (!kind) return kind.error();
  sighted.kind = *kind;
  if (!options.document_date.empty()) {
    const std::optional<events::Day> day = events::parse_paper_day(options.document_date);
    if (!day || day->value == 0) {
      return usage_error("“" + options.document_date +
                         "” không phải là ngày trên giấy; hãy viết 30/11/2025 hoặc 2025-11-30, từ "
                         "năm 1900 trở đi.");
    }
    sighted.document_day = *day;
  }
  if (!options.indicators.empty()) {
    const Result<BoundSheet> sheet = sheet_of(session, *dossier);
    if (!sheet) return sheet.error();
    for (const std::string& code : options.indicators) {
      const auto& all = sheet->content->indicators;
      std::size_t index = 0;
      while (index < all.size() && all[index].code != code) ++index;
      if (index == all.size()) {
        return usage_error(fmt::format("Bộ tiêu chí không có chỉ số “{}”.", code));
      }
      sighted.indicators |= 1U << index;
    }
  }
  events::EvidenceRecord record;
  const Result<void> filled = fill_fields({{options.what, record.what},
                                           {options.issuer, record.issuer},
                                           {options.where_kept, record.where_kept}});
  if (!filled) return filled.error();
  if (!options.file.empty()) {
    return attach_evidence(session, *dossier, sighted, record, options.file);
  }
  Result<RecordRequest> request = session.request(sighted, stream_of(*dossier), record);
  if (!request) return request.error();
  return session.record({&*request, 1});
}

// ---- return, resubmit, withdraw ----

struct ReturnOptions {
  std::string dossier, reason, to, note;
};

Result<int> run_return(Session& session, const ReturnOptions& options) {
  const Result<events::DossierId> dossier = session.dossier(options.dossier);
  if (!dossier) return dossier.error();
  events::DossierReturned returned;
  const auto reason = parse_word<events::ReturnReason>(options.reason);
  if (!reason) return reason.error();
  const auto to = parse_word<DossierState>(options.to);
  if (!to) return to.error();
  returned.reason = *reason;
  returned.return_to = *to;
  Result<std::optional<events::PrivateFields>> note = note_fields(options.note);
  if (!note) return note.error();
  Result<RecordRequest> request = session.request(returned, stream_of(*dossier), std::move(*note));
  if (!request) return request.error();
  return session.record({&*request, 1});
}

struct NoteOptions {
  std::string dossier, note;
};

template <class Payload>
Result<int> run_with_note(Session& session, const NoteOptions& options) {
  const Result<events::DossierId> dossier = session.dossier(options.dossier);
  if (!dossier) return dossier.error();
  Result<std::optional<events::PrivateFields>> note = note_fields(options.note);
  if (!note) return note.error();
  Result<RecordRequest> request = session.request(Payload{}, stream_of(*dossier), std::move(*note));
  if (!request) return request.error();
  return session.record({&*request, 1});
}

void declare_note(CommandOptions& command, NoteOptions& options) {
  command.add_option("dossier", options.dossier, "Mã hồ sơ").required();
  command.add_option("--note", options.note, "Ghi chú");
}

}  // namespace

void add_dossier_commands(CommandLine& line) {
  add_command<DossierChoice>(line, "accept", "Tiếp nhận đăng ký",
                             "  khuyenhoc --home H accept 7.12 7.15\n"
                             "  khuyenhoc --home H accept --all --cycle 2025 --dry-run\n"
                             "  khuyenhoc --home H accept --all --cycle 2025 --yes",
                             declare_choice, run_accept);
  add_command<EvidenceOptions>(
      line, "evidence", "Ghi một minh chứng đã đối chiếu bản giấy, hoặc kèm ảnh hay tệp PDF",
      "  khuyenhoc --home H evidence 7.12 --kind \"văn bằng\" --indicators A1,B2 \\\n"
      "    --document-date 01/06/2025 --what \"Chứng chỉ tin học\" --issuer \"TTHTCĐ xã\" \\\n"
      "    --kept \"tại nhà\"\n"
      "  khuyenhoc --home H evidence 7.12 --kind \"ảnh chụp\" --what \"Giấy khen\" \\\n"
      "    --file giay-khen.jpg",
      [](CommandOptions& command, EvidenceOptions& options) {
        command.add_option("dossier", options.dossier, "Mã hồ sơ").required();
        command.add_option("--kind", options.kind, "Loại: " + words_of<events::EvidenceKind>())
            .required();
        command.add_option("--indicators", options.indicators, "Cho các chỉ số nào").delimiter(',');
        command.add_option("--document-date", options.document_date, "Ngày trên giấy");
        command.add_option("--what", options.what, "Là giấy gì").required();
        command.add_option("--issuer", options.issuer, "Nơi cấp");
        command.add_option("--kept", options.where_kept, "Giữ ở đâu");
        command.add_option("--file", options.file, "Ảnh JPEG, PNG hoặc tệp PDF của giấy đó");
      },
      run_evidence);
  add_command<ReturnOptions>(
      line, "return", "Trả lại hồ sơ để bổ sung",
      "  khuyenhoc --home H return 7.12 --reason \"thiếu minh chứng\" \\\n"
      "    --to \"đã tự đánh giá\" --note \"thiếu chứng chỉ\"",
      [](CommandOptions& command, ReturnOptions& options) {
        command.add_option("dossier", options.dossier, "Mã hồ sơ").required();
        command.add_option("--reason", options.reason, "Lý do: " + words_of<events::ReturnReason>())
            .required();
        command
            .add_option("--to", options.to,
                        "Bước sẽ quay lại: nháp; đã đăng ký; đã tiếp nhận đăng ký; "
                        "đã tự đánh giá; đã bình xét")
            .required();
        command.add_option("--note", options.note, "Nói rõ thiếu gì");
      },
      run_return);
  add_command<NoteOptions>(line, "resubmit", "Nộp lại hồ sơ đã bổ sung",
                           "  khuyenhoc --home H resubmit 7.12 --note \"đã bổ sung\"", declare_note,
                           run_with_note<events::DossierResubmitted>);
  add_command<NoteOptions>(line, "withdraw", "Rút hồ sơ theo ý người đăng ký",
                           "  khuyenhoc --home H withdraw 7.12 --note \"chuyển nơi ở\"",
                           declare_note, run_with_note<events::DossierWithdrawn>);
}

}  // namespace clients
