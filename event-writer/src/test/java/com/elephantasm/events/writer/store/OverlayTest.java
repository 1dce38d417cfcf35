package com.elephantasm.events.writer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

class OverlayTest extends StoreTest {
  @Test
  void an_overlay_whose_beginning_is_cut_off_is_new_again() {
    DataSource live = migrated("live_of_overlay");
    JdbcClient liveJdbc = JdbcClient.create(live);
    liveJdbc.sql("""
        INSERT INTO log_partitions (topic_id, topic, partition) VALUES (gen_random_uuid(), 'elephantasm.events', 0)
        """).update();
    liveJdbc.sql("ALTER TABLE dead_letters RENAME TO away").update();
    try (Overlay overlay = Overlay.open(live, "cut_off", 2)) {
      assertThatThrownBy(overlay::begin).isInstanceOf(DataAccessException.class);
      liveJdbc.sql("ALTER TABLE away RENAME TO dead_letters").update();

      assertThat(overlay.isNew()).isTrue();
      overlay.begin();
      assertThat(overlay.isNew()).isFalse();
    }
  }
}
