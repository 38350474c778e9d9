#include "clients/cli/registration.h"

#include "clients/cli/look_first.h"
#include "clients/cli/words.h"
#include "events/text/folding.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace clients {

using events::Result;

namespace {

struct Purpose {
  std::string_view word;
  std::uint8_t bit;
  std::string_view name_vi;
};
constexpr std::array purposes = {
    Purpose{"assess", events::consent_assess, "xét danh hiệu"},
    Purpose{"publish_list", events::consent_publish_list, "công bố danh sách"},
    Purpose{"statistics", events::consent_statistics, "thống kê"},
    Purpose{"share_employer", events::consent_share_employer, "gửi nơi làm việc"},
    Purpose{"contact", events::consent_contact, "liên hệ"},
};
constexpr const char* purposes_help = "assess, publish_list, statistics, share_employer, contact";

Result<std::uint8_t> consent_bits(const std::vector<std::string>& words) {
  std::uint8_t bits = 0;
  for (const std::string& word : words) {
    const auto* const found = std::ranges::find(purposes, word, &Purpose::word);
    if (found == purposes.end()) {
      return usage_error(
          fmt::format("Không hiểu mục đích đồng ý “{}”; các mục đích là {}.", word, purposes_help));
    }
    bits = static_cast<std::uint8_t>(bits | found->bit);
  }
  return bits;
}

std::string purposes_vi(std::uint8_t bits) {
  std::string names;
  for (const Purpose& purpose : purposes) {
    if ((bits & purpose.bit) == 0) continue;
    names += (names.empty() ? "" : ", ") + std::string(purpose.name_vi);
  }
  return names;
}

std::string_view name_vi(events::LawfulBasis basis) {
  using enum events::LawfulBasis;
  switch (basis) {
    case none:
      return "không có";
    case consent:
      return "người đó đồng ý";
    case state_management:
      return "quản lý nhà nước";
    case agreement:
      return "thoả thuận";
    case other_law:
      return "luật khác";
  }
  return "?";
}

std::string_view name_vi(events::Confirmation confirmation) {
  using enum events::Confirmation;
  switch (confirmation) {
    case subject_present:
      return "người đăng ký có mặt";
    case signature_on_paper:
      return "ký trên phiếu giấy";
    case thumbprint_on_paper:
      return "điểm chỉ trên phiếu giấy";
    case phone_call:
      return "qua điện thoại";
    case witness:
      return "có người làm chứng";
  }
  return "?";
}

std::string_view name_vi(events::ProxyReason reason) {
  using enum events::ProxyReason;
  switch (reason) {
    case none:
      return "không";
    case no_smartphone:
      return "không có điện thoại thông minh";
    case no_literacy:
      return "không biết chữ";
    case elderly:
      return "cao tuổi";
    case disabled:
      return "khuyết tật";
    case no_coverage:
      return "không có sóng";
    case other:
      return "lý do khác";
  }
  return "?";
}

std::vector<std::string> words_in(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  for (const char letter : line + " ") {
    if (letter != ' ' && letter != ',') {
      word.push_back(letter);
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

/// One thing that was not typed: asked for, or noted as missing.
class Missing {
 public:
  explicit Missing(bool can_be_asked) : can_be_asked_(can_be_asked) {}

  void fill(std::string& field, const char* option, const std::string& question) {
    if (!field.empty()) return;
    if (can_be_asked_) field = events::folded(ask_line(question + ": ").value_or(""));
    if (field.empty()) note(option);
  }
  void note(const char* option) {
    options_ += (options_.empty() ? "" : "; ") + std::string(option);
  }

  Result<void> result() const {
    if (options_.empty()) return {};
    return usage_error("V30: đăng ký còn thiếu lời của người đăng ký: " + options_ + ".");
  }

 private:
  bool can_be_asked_;
  std::string options_;
};

/// Whoever enters for somebody says who that is and on what it can be held against.
void complete_proxy(Missing& missing, RegistrationOptions& options) {
  if (options.proxy.empty() || options.proxy == word_of(events::ProxyReason::none)) return;
  missing.fill(options.proxy_by, "--proxy-by QUAN HỆ HOẶC CHỨC VỤ của người nhập thay",
               "Người nhập thay là gì của người đăng ký, hoặc giữ chức vụ gì");
  if (options.paper_form.empty()) {
    missing.fill(options.witness, "--witness NGƯỜI LÀM CHỨNG hoặc --paper-form SỐ PHIẾU",
                 "Ai làm chứng");
  }
}

}  // namespace

void declare_registration(CommandOptions& command, RegistrationOptions& options) {
  command.add_option(
      "--basis", options.basis,
      "Căn cứ xử lý dữ liệu: " + words_of<events::LawfulBasis>() + "; có --consent thì là consent");
  command
      .add_option("--consent", options.consent,
                  std::string("Người đăng ký đồng ý cho việc nào: ") + purposes_help)
      .delimiter(',');
  command.add_option("--confirmed-by", options.confirmation,
                     "Người đăng ký xác nhận thế nào: " + words_of<events::Confirmation>());
  command.add_option("--proxy", options.proxy,
                     "Vì sao nhập thay: " + words_of<events::ProxyReason>() +
                         "; không cần khi người đăng ký có mặt");
  command.add_option("--proxy-by", options.proxy_by, "Quan hệ hoặc chức vụ người nhập thay");
  command.add_option("--paper-form", options.paper_form, "Số phiếu giấy");
  command.add_option("--witness", options.witness, "Người làm chứng");
  command.add_option("--place", options.place, "Nơi nhập");
}

Result<RegistrationOptions> complete(const Session& session, RegistrationOptions options) {
  Missing missing(can_ask(session));
  if (options.basis.empty() && !options.consent.empty()) {
    options.basis = word_of(events::LawfulBasis::consent);
  }
  missing.fill(options.basis,
               "--consent MỤC ĐÍCH (assess, statistics, …) khi người đó đồng ý, hoặc --basis",
               "Căn cứ xử lý dữ liệu (" + words_of<events::LawfulBasis>() + ")");
  if (options.basis == word_of(events::LawfulBasis::consent) && options.consent.empty()) {
    std::string line;
    missing.fill(line, "--consent MỤC ĐÍCH (assess, statistics, …)",
                 std::string("Đồng ý cho việc nào (") + purposes_help + ")");
    options.consent = words_in(line);
  }
  missing.fill(options.confirmation, "--confirmed-by (subject_present, signature_on_paper, …)",
               "Người đăng ký xác nhận thế nào (" + words_of<events::Confirmation>() + ")");
  if (options.confirmation == word_of(events::Confirmation::subject_present)) {
    // Nobody enters in place of somebody who is there, unless that is said.
    if (options.proxy.empty()) options.proxy = word_of(events::ProxyReason::none);
  } else if (!options.confirmation.empty()) {
    missing.fill(options.proxy, "--proxy (no_smartphone, elderly, …; none khi tự nhập)",
                 "Vì sao nhập thay (" + words_of<events::ProxyReason>() + ")");
  }
  if (options.confirmation == word_of(events::Confirmation::witness)) {
    missing.fill(options.witness, "--witness NGƯỜI LÀM CHỨNG", "Ai làm chứng");
  }
  complete_proxy(missing, options);
  if (Result<void> whole = missing.result(); !whole) return whole.error();
  if (!options.consent.empty() && options.basis != word_of(events::LawfulBasis::consent)) {
    return usage_error("--consent chỉ đi với --basis consent.");
  }
  return options;
}

Result<void> open_and_register(Session& session, const RegistrationOptions& options,
                               const events::SubjectRef& subject, events::UnitId home,
                               std::vector<RecordRequest>& requests) {
  const Result<events::CycleId> cycle = session.cycle(options.cycle);
  if (!cycle) return cycle.error();
  const Result<events::GroupCode> group = parse_word<events::GroupCode>(options.group);
  if (!group) return group.error();
  const Result<events::LawfulBasis> basis = parse_word<events::LawfulBasis>(options.basis);
  if (!basis) return basis.error();
  const auto confirmation = parse_word<events::Confirmation>(options.confirmation);
  if (!confirmation) return confirmation.error();
  const auto proxy = parse_word<events::ProxyReason>(options.proxy);
  if (!proxy) return proxy.error();
  const Result<std::uint8_t> consent = consent_bits(options.consent);
  if (!consent) return consent.error();

  const events::EventId dossier = (*session.device())->workspace().next_id(requests.size());
  Result<RecordRequest> opened =
      session.request(events::DossierOpened{subject, *cycle, *group, home});
  if (!opened) return opened.error();
  requests.push_back(std::move(*opened));

  events::DossierRegistered registered;
  registered.basis = *basis;
  if (*basis == events::LawfulBasis::consent) registered.consent_purposes = *consent;
  registered.confirmation = *confirmation;
  registered.proxy = *proxy;
  std::optional<events::PrivateFields> fields;
  events::ProxyRecord record;
  const Result<void> filled = fill_fields({{options.proxy_by, record.relation_or_office},
                                           {options.paper_form, record.paper_form_number},
                                           {options.witness, record.witness},
                                           {options.place, record.place}});
  if (!filled) return filled.error();
  const bool is_said = *proxy != events::ProxyReason::none || !record.relation_or_office.empty() ||
                       !record.paper_form_number.empty() || !record.witness.empty() ||
                       !record.place.empty();
  if (is_said) fields = std::move(record);
  const events::StreamId about{events::StreamKind::dossier, dossier};
  Result<RecordRequest> request = session.request(registered, about, std::move(fields));
  if (!request) return request.error();
  requests.push_back(std::move(*request));
  if (!session.options().json) {
    print(session.out(), "Căn cứ: {}{}; xác nhận: {}; nhập thay: {}.\n", name_vi(*basis),
          *consent == 0 ? "" : " (" + purposes_vi(*consent) + ")", name_vi(*confirmation),
          name_vi(*proxy));
  }
  return {};
}

}  // namespace clients
