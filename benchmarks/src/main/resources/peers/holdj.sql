\set a random(1, 333)
\set b random(334, 666)
\set c random(667, 1000)
BEGIN;
UPDATE held SET reserved=reserved+1 WHERE sku=:a AND on_hand-reserved>=1;
UPDATE held SET reserved=reserved+1 WHERE sku=:b AND on_hand-reserved>=1;
UPDATE held SET reserved=reserved+1 WHERE sku=:c AND on_hand-reserved>=1;
INSERT INTO hold(status, expires_at) VALUES ('placed', now() + interval '15 minutes') RETURNING id AS h \gset
INSERT INTO hold_line(hold, sku, qty) VALUES (:h,:a,1),(:h,:b,1),(:h,:c,1);
INSERT INTO hold_journal(hold, type, payload) VALUES (:h,1,'\x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223242526272829303132333435363738394041424344');
COMMIT;
BEGIN;
UPDATE hold SET status='confirmed' WHERE id=:h AND status='placed' AND expires_at > now();
UPDATE held SET reserved=reserved-1, on_hand=on_hand-1 WHERE sku=:a;
UPDATE held SET reserved=reserved-1, on_hand=on_hand-1 WHERE sku=:b;
UPDATE held SET reserved=reserved-1, on_hand=on_hand-1 WHERE sku=:c;
INSERT INTO hold_journal(hold, type, payload) VALUES (:h,2,'\x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223242526272829303132333435363738394041424344');
COMMIT;
