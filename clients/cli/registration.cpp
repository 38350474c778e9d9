#include "clients/cli/registration.h"

#include "clients/cli/look_first.h"
#include "clients/cli/output/choice.h"
#include "clients/cli/output/words.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
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

/// The value of a word that was typed; nothing for an empty one.
template <class Enum>
Result<std::optional<Enum>> said(const std::string& word) {
  if (word.empty()) return std::optional<Enum>{};
  const Result<Enum> value = parse_word<Enum>(word);
  if (!value) return value.error();
  return std::optional<Enum>{*value};
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

Result<acts::Declaration> typed_declaration(const RegistrationOptions& options) {
  acts::Declaration declaration;
  const auto basis = said<events::LawfulBasis>(options.basis);
  if (!basis) return basis.error();
  const auto confirmation = said<events::Confirmation>(options.confirmation);
  if (!confirmation) return confirmation.error();
  const auto proxy = said<events::ProxyReason>(options.proxy);
  if (!proxy) return proxy.error();
  const Result<std::uint8_t> consent = consent_bits(options.consent);
  if (!consent) return consent.error();
  declaration.basis = *basis;
  declaration.confirmation = *confirmation;
  declaration.proxy = *proxy;
  declaration.consent_purposes = *consent;
  declaration.proxy_record = {options.proxy_by, options.paper_form, options.witness, options.place};
  return declaration;
}

/// How a field is typed, and how it is asked for.
struct FieldTexts {
  std::string option;
  std::string question;
};

FieldTexts texts_of(acts::DeclarationField field) {
  using enum acts::DeclarationField;
  switch (field) {
    case basis:
      return {"--consent MỤC ĐÍCH (xét danh hiệu, thống kê, …) khi người đó đồng ý, hoặc --basis",
              "Căn cứ xử lý dữ liệu (" + words_of<events::LawfulBasis>() + ")"};
    case consent:
      return {"--consent MỤC ĐÍCH (xét danh hiệu, thống kê, …)",
              "Đồng ý cho việc nào (" + listed(purposes) + ")"};
    case confirmation:
      return {"--confirmed-by (người đăng ký có mặt, ký trên phiếu giấy, …)",
              "Người đăng ký xác nhận thế nào (" + words_of<events::Confirmation>() + ")"};
    case proxy:
      return {"--proxy (không biết chữ, cao tuổi, …; “không” khi tự nhập)",
              "Vì sao nhập thay (" + words_of<events::ProxyReason>() + ")"};
    case witness:
      return {"--witness NGƯỜI LÀM CHỨNG", "Ai làm chứng"};
    case relation_or_office:
      return {"--proxy-by QUAN HỆ HOẶC CHỨC VỤ của người nhập thay",
              "Người nhập thay là gì của người đăng ký, hoặc giữ chức vụ gì"};
    case witness_or_paper_form:
      return {"--witness NGƯỜI LÀM CHỨNG hoặc --paper-form SỐ PHIẾU", "Ai làm chứng"};
  }
  return {};
}

/// Puts an answer where it belongs among the options; an empty one changes nothing.
void fill(RegistrationOptions& options, acts::DeclarationField field, const std::string& answer) {
  using enum acts::DeclarationField;
  switch (field) {
    case basis:
      options.basis = answer;
      return;
    case consent:
      options.consent = names_in(answer);
      return;
    case confirmation:
      options.confirmation = answer;
      return;
    case proxy:
      options.proxy = answer;
      return;
    case relation_or_office:
      options.proxy_by = answer;
      return;
    case witness:
    case witness_or_paper_form:
      options.witness = answer;
      return;
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

Result<acts::Declaration> declared(const Session& session, const RegistrationOptions& given) {
  RegistrationOptions options = given;
  const bool can_be_asked = can_ask(session);
  std::vector<acts::DeclarationField> unanswered;
  std::string missing;
  while (true) {
    const Result<acts::Declaration> declaration = typed_declaration(options);
    if (!declaration) return declaration;
    const std::vector<acts::DeclarationField> open = acts::missing_in(*declaration);
    const auto next = std::ranges::find_if(open, [&](acts::DeclarationField field) {
      return std::ranges::find(unanswered, field) == unanswered.end();
    });
    if (next == open.end()) {
      if (!missing.empty()) {
        return usage_error("V30: đăng ký còn thiếu lời của người đăng ký: " + missing + ".");
      }
      if (Result<void> whole = acts::check_declaration(*declaration); !whole) return whole.error();
      return acts::completed(*declaration);
    }
    const FieldTexts texts = texts_of(*next);
    const std::string answer =
        can_be_asked ? ask_line(texts.question + ": ").value_or("") : std::string{};
    if (!answer.empty()) {
      fill(options, *next, answer);
      continue;
    }
    unanswered.push_back(*next);
    missing += (missing.empty() ? "" : "; ") + texts.option;
  }
}

Result<void> add_registration(Session& session, const RegistrationOptions& options,
                              const Registrant& registrant, acts::Draft& draft,
                              const acts::Occasion& occasion) {
  const Result<events::CycleId> cycle = session.cycle(options.cycle);
  if (!cycle) return cycle.error();
  const Result<events::GroupCode> group = parse_word<events::GroupCode>(options.group);
  if (!group) return group.error();
  const acts::Declaration& declaration = registrant.declaration;
  const Result<events::DossierId> dossier = acts::register_dossier(
      draft, occasion, {registrant.subject, *cycle, *group, registrant.home, declaration});
  if (!dossier) return dossier.error();
  if (Result<void> texts = Session::check_texts(draft); !texts) return texts;
  if (!session.options().json) {
    const std::uint8_t consent = declaration.consent_purposes;
    print(session.out(), "Căn cứ: {}{}; xác nhận: {}; nhập thay: {}.\n",
          name_vi(*declaration.basis), consent == 0 ? "" : " (" + purposes_vi(consent) + ")",
          name_vi(*declaration.confirmation), name_vi(*declaration.proxy));
  }
  return {};
}

}  // namespace clients
