#include "clients/cli/registration.h"

#include "clients/cli/look_first.h"
#include "clients/cli/output/choice.h"
#include "clients/cli/output/words.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace clients {

using events::Result;

namespace {

/// What somebody may agree to, in the order of the bits below.
constexpr std::array purposes = {
    Choice{"assess", "xét danh hiệu"}, Choice{"publish_list", "niêm yết danh sách"},
    Choice{"statistics", "thống kê"},  Choice{"share_employer", "gửi nơi làm việc"},
    Choice{"contact", "liên hệ"},
};
constexpr std::array<std::uint8_t, purposes.size()> purpose_bits = {
    events::consent_assess, events::consent_publish_list, events::consent_statistics,
    events::consent_share_employer, events::consent_contact};

Result<std::uint8_t> consent_bits(const std::vector<std::string>& typed) {
  std::uint8_t bits = 0;
  for (const std::string& purpose : typed) {
    const Result<std::size_t> found = find_choice("Mục đích đồng ý", purpose, purposes);
    if (!found) return found.error();
    bits = static_cast<std::uint8_t>(bits | purpose_bits.at(*found));
  }
  return bits;
}

std::string purposes_vi(std::uint8_t bits) {
  std::string names;
  for (std::size_t index = 0; index < purposes.size(); ++index) {
    if ((bits & purpose_bits.at(index)) == 0) continue;
    names += (names.empty() ? "" : ", ") + std::string(purposes.at(index).name_vi);
  }
  return names;
}

/// What was typed becomes the word of its value; what was not typed stays unsaid.
template <class Enum>
Result<void> to_word(std::string& field) {
  if (field.empty()) return {};
  const Result<Enum> value = parse_word<Enum>(field);
  if (!value) return value.error();
  field = word_of(*value);
  return {};
}

/// What stands between commas or semicolons.
std::vector<std::string> names_in(const std::string& line) {
  std::vector<std::string> names;
  std::string name;
  for (const char letter : line + ",") {
    if (letter != ',' && letter != ';') {
      if (letter != ' ' || !name.empty()) name.push_back(letter);
    } else if (!name.empty()) {
      names.push_back(std::exchange(name, {}));
    }
  }
  return names;
}

/// One thing that was not typed: asked for, or noted as missing.
class Missing {
 public:
  explicit Missing(bool can_be_asked) : can_be_asked_(can_be_asked) {}

  void fill(std::string& field, const char* option, const std::string& question) {
    if (!field.empty()) return;
    if (can_be_asked_) field = ask_line(question + ": ").value_or("");
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
  command.add_option("--basis", options.basis,
                     "Căn cứ xử lý dữ liệu: " + words_of<events::LawfulBasis>() +
                         "; có --consent thì là người đó đồng ý");
  command
      .add_option("--consent", options.consent,
                  "Người đăng ký đồng ý cho việc nào: " + listed(purposes))
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
               "--consent MỤC ĐÍCH (xét danh hiệu, thống kê, …) khi người đó đồng ý, hoặc --basis",
               "Căn cứ xử lý dữ liệu (" + words_of<events::LawfulBasis>() + ")");
  if (Result<void> read = to_word<events::LawfulBasis>(options.basis); !read) return read.error();
  if (options.basis == word_of(events::LawfulBasis::consent) && options.consent.empty()) {
    std::string line;
    missing.fill(line, "--consent MỤC ĐÍCH (xét danh hiệu, thống kê, …)",
                 "Đồng ý cho việc nào (" + listed(purposes) + ")");
    options.consent = names_in(line);
  }
  missing.fill(options.confirmation, "--confirmed-by (người đăng ký có mặt, ký trên phiếu giấy, …)",
               "Người đăng ký xác nhận thế nào (" + words_of<events::Confirmation>() + ")");
  if (Result<void> read = to_word<events::Confirmation>(options.confirmation); !read) {
    return read.error();
  }
  if (options.confirmation == word_of(events::Confirmation::subject_present)) {
    // Nobody enters in place of somebody who is there, unless that is said.
    if (options.proxy.empty()) options.proxy = word_of(events::ProxyReason::none);
  } else if (!options.confirmation.empty()) {
    missing.fill(options.proxy, "--proxy (không biết chữ, cao tuổi, …; “không” khi tự nhập)",
                 "Vì sao nhập thay (" + words_of<events::ProxyReason>() + ")");
  }
  if (Result<void> read = to_word<events::ProxyReason>(options.proxy); !read) return read.error();
  if (options.confirmation == word_of(events::Confirmation::witness)) {
    missing.fill(options.witness, "--witness NGƯỜI LÀM CHỨNG", "Ai làm chứng");
  }
  complete_proxy(missing, options);
  if (Result<void> whole = missing.result(); !whole) return whole.error();
  if (!options.consent.empty() && options.basis != word_of(events::LawfulBasis::consent)) {
    return usage_error("--consent chỉ đi với --basis “người đó đồng ý”.");
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
