#include "tests/e2e/commune_setup.h"
#include "tests/e2e/scratch_directory.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <gtest/gtest.h>

namespace e2e {
namespace {

namespace json = boost::json;

std::uint64_t number(const json::value& object, const char* key) {
  return object.as_object().at(key).to_number<std::uint64_t>();
}

// An association that only wants to know how many must get the commune's own count, without the
// names and without the events behind it.
TEST(CommandLineFollow, TotalsAndStandingsAreTheCommunesOwn) {
  const ScratchDirectory scratch;
  CommuneSetup setup(scratch.path());
  setup.run();
  ASSERT_FALSE(HasFailure());
  for (const char* name : {"Lò Thị Ánh", "Quàng Văn Mai"}) {
    setup.commune().record({"register", "--consent", "assess", "--confirmed-by", "subject_present",
                            "--cycle", "2026", "--group", "farmer_rural", "--name", name, "--birth",
                            "1990", "--gender", "female", "--hamlet", "Bản Nà Tấu", "--actor",
                            setup.officer("proxy_entrant")});
  }
  setup.commune().json({"sync"});

  const json::value totals = setup.admin().json({"follow", "totals", "--count", "1"});
  ASSERT_TRUE(totals.is_object());
  const json::array& rows = totals.as_object().at("totals").as_array();
  ASSERT_EQ(rows.size(), 1U) << totals;
  EXPECT_TRUE(rows[0].as_object().at("unit").as_string().starts_with("Xã Nà Tấu")) << totals;
  EXPECT_EQ(number(rows[0], "registered"), 2U);
  EXPECT_EQ(number(rows[0], "recognized"), 0U);

  const json::value standings = setup.admin().json({"follow", "standings", "--count", "1"});
  ASSERT_TRUE(standings.is_object());
  EXPECT_EQ(standings.as_object().at("standings").as_array().size(), 2U) << standings;
  EXPECT_EQ(number(standings, "position"), number(totals, "position"));

  const Finished wrong = setup.admin().run({"follow", "everything"});
  EXPECT_EQ(wrong.exit_code(), 2) << wrong.all();
  EXPECT_TRUE(is_error_with_code(wrong.errors, "invalid_argument")) << wrong.all();
}

}  // namespace
}  // namespace e2e
