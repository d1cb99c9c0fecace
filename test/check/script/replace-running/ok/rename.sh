#!/bin/sh
cp server /opt/app/bin/server.new
mv /opt/app/bin/server.new /opt/app/bin/server
install -m 755 server /opt/app/bin/server
cp -f server /opt/app/bin/server
systemctl restart app
