#!/bin/sh
sudo docker-compose up --detach # go
