#include "clients/core/acts/unit_import.h"

#include "tests/clients/core/acts/act_world.h"

namespace clients_test {
namespace {

using namespace events;
namespace acts = clients::acts;

clients::UnitLine a_line(std::string code, std::string name, UnitKind kind, std::string parent) {
  return {2,    std::move(code), std::move(name), kind, std::move(parent), AreaType::rural, Day{1},
          false};
}

TEST(UnitImport, FindsParentsInTheLogAndFurtherUp) {
  ActWorld scene;
  acts::Draft draft = scene.draft(test_support::World::administration);
  const acts::Occasion now = scene.today(scene.world.administrator());
  acts::UnitImport import(scene.world.state().units(), "NQ 1661");
  const std::string parent =
      scene.world.state().units().find(scene.world.city())->latest().official_code;
  std::string_view column;
  const auto commune =
      import.add(draft, now, a_line("09999", "Xã Mới", UnitKind::commune, parent), column);
  ASSERT_TRUE(commune) << commune.error().message;
  const auto hamlet =
      import.add(draft, now, a_line("-bm", "Bản Mới", UnitKind::hamlet, "09999"), column);
  ASSERT_TRUE(hamlet);
  EXPECT_EQ(payload_at<UnitCreated>(draft, 0).parent, scene.world.city());
  EXPECT_EQ(payload_at<UnitCreated>(draft, 1).parent, *commune);
  EXPECT_EQ(payload_at<UnitCreated>(draft, 1).official_code, "") << "a code of the file only";
  EXPECT_EQ(payload_at<UnitCreated>(draft, 1).basis, "NQ 1661");
  EXPECT_FALSE(import.has_name_of_another());
  ASSERT_TRUE(import.add(draft, now, a_line("-b2", "Bản Mới", UnitKind::hamlet, "09999"), column));
  EXPECT_TRUE(import.has_name_of_another());
  scene.append(draft, scene.world.administrator());
}

TEST(UnitImport, NamesTheColumnThatIsWrongAndForgetsTheLine) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(test_support::World::administration);
  const acts::Occasion now = scene.today(scene.world.administrator());
  acts::UnitImport import(scene.world.state().units(), "");
  const std::string city =
      scene.world.state().units().find(scene.world.city())->latest().official_code;
  std::string_view column;
  EXPECT_TRUE(fails(import.add(draft, now, a_line(city, "Trùng", UnitKind::commune, ""), column),
                    ErrorCode::invalid_argument, "đã có đơn vị đang mở"));
  EXPECT_EQ(column, "code");
  EXPECT_TRUE(
      fails(import.add(draft, now, a_line("09999", "Xã", UnitKind::commune, "77777"), column),
            ErrorCode::invalid_argument, "77777"));
  EXPECT_EQ(column, "parent_code");
  EXPECT_TRUE(fails(import.add(draft, now, a_line("99", "Tỉnh", UnitKind::province, city), column),
                    ErrorCode::invalid_argument, "không thể nằm dưới"));
  const std::string too_long(300, 'x');
  EXPECT_FALSE(import.add(draft, now, a_line("09999", too_long, UnitKind::commune, city), column));
  ASSERT_TRUE(import.bad_text());
  EXPECT_EQ(import.bad_text()->field, "name");
  EXPECT_EQ(draft.size(), 0U);
  // The code of the line that was not added is still free.
  EXPECT_TRUE(import.add(draft, now, a_line("09999", "Xã", UnitKind::commune, city), column));
  EXPECT_FALSE(import.bad_text());
}

// Codes are used again: the new commune has the code of the one that ends on the same day.
TEST(UnitImport, ACodeIsFreeForUnitsThatBeginWhenItsUnitEnds) {
  const ActWorld scene;
  acts::Draft draft = scene.draft(test_support::World::administration);
  const acts::Occasion now = scene.today(scene.world.administrator());
  const Day from{scene.world.today().value + 10};
  const auto code_of = [&](UnitId unit) {
    return scene.world.state().units().find(unit)->latest().official_code;
  };
  clients::UnitLine line = a_line(code_of(scene.commune().unit), "Phường Mới", UnitKind::ward,
                                  code_of(scene.world.city()));
  line.valid_from = from;
  std::string_view column;
  acts::UnitImport strict(scene.world.state().units(), "");
  EXPECT_FALSE(strict.add(draft, now, line, column));
  acts::UnitImport import(scene.world.state().units(), "", from);
  line.valid_from = Day{from.value - 1};
  EXPECT_FALSE(import.add(draft, now, line, column)) << "the old one is there on that day";
  line.valid_from = from;
  EXPECT_TRUE(import.add(draft, now, line, column));
  EXPECT_FALSE(import.add(draft, now, line, column)) << "once";
}

}  // namespace
}  // namespace clients_test
